using System.Buffers.Binary;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Kubernetes.Records;

/// <summary>
/// An address to search the indexes of addresses with. IPv4 stands as its mapped IPv6 form (RFC 4291 §2.5.5.2).
/// </summary>
/// <param name="High">The first 64 bits. Two numbers, not one of 128 bits, as in <see cref="Core.Pipeline.IPAddressValue"/>.</param>
/// <param name="Low">The other 64 bits.</param>
internal readonly record struct AddressKey(ulong High, ulong Low) : ITableKey<PodEntry>, IHashedKey
{
    private const ulong MappedPrefix = 0xffff;

    public ulong Hash => NameHash.Mix(High + 0x9E37_79B9_7F4A_7C15, Low);

    public bool IsIPv4 => High == 0 && Low >> 32 == MappedPrefix;

    /// <param name="octets">4 or 16.</param>
    public static AddressKey Of(ReadOnlySpan<byte> octets) => octets.Length == 4
        ? Of(BinaryPrimitives.ReadUInt32BigEndian(octets))
        : new AddressKey(BinaryPrimitives.ReadUInt64BigEndian(octets), BinaryPrimitives.ReadUInt64BigEndian(octets[8..]));

    /// <param name="address">IPv4.</param>
    public static AddressKey Of(uint address) => new(0, (MappedPrefix << 32) | address);

    /// <summary>Writes 4 octets where this is an IPv4 address, else 16; says how many.</summary>
    public int Write(Span<byte> destination)
    {
        if (IsIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)Low);
            return 4;
        }

        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Low);
        return 16;
    }

    public bool Matches(PodEntry entry) => entry.Address == this;
}
