using System.Buffers.Binary;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Kubernetes.Records;

/// <summary>
/// An address to search the indexes of addresses with. IPv4 stands as its mapped IPv6 form (RFC 4291 §2.5.5.2).
/// </summary>
internal readonly struct AddressKey : ITableKey<PodEntry>
{
    private static readonly UInt128 MappedPrefix = (UInt128)0xffff << 32;

    /// <param name="octets">4 or 16.</param>
    public AddressKey(ReadOnlySpan<byte> octets)
    {
        Bits = octets.Length == 4
            ? Map(BinaryPrimitives.ReadUInt32BigEndian(octets))
            : BinaryPrimitives.ReadUInt128BigEndian(octets);
        Hash = HashOf(Bits);
    }

    public UInt128 Bits { get; }

    public ulong Hash { get; }

    public bool IsIPv4 => Bits >> 32 == MappedPrefix >> 32;

    public static UInt128 Map(uint address) => MappedPrefix | address;

    public static ulong HashOf(UInt128 bits) => NameHash.Mix((ulong)(bits >> 64) + 0x9E37_79B9_7F4A_7C15, (ulong)bits);

    /// <summary>Writes 4 octets where the key is an IPv4 address, else 16; says how many.</summary>
    public static int Write(UInt128 bits, Span<byte> destination)
    {
        if (bits >> 32 == MappedPrefix >> 32)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)bits);
            return 4;
        }

        BinaryPrimitives.WriteUInt128BigEndian(destination, bits);
        return 16;
    }

    public bool Matches(PodEntry entry) => entry.Bits == Bits;
}
