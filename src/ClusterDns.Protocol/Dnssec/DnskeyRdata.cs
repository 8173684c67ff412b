using System.Buffers.Binary;

namespace ClusterDns.Protocol.Dnssec;

/// <summary>The fields of DNSKEY and CDNSKEY RDATA (RFC 4034 §2.1).</summary>
public static class DnskeyRdata
{
    /// <summary>Octets in front of the public key.</summary>
    public const int FixedSize = 4;

    private const ushort ZoneKey = 0x0100;
    private const ushort SecureEntryPoint = 0x0001;

    /// <summary>The key may sign a zone: Zone Key is set and Protocol is 3 (RFC 4034 §2.1.1, §2.1.2).</summary>
    public static bool IsZoneKey(ReadOnlySpan<byte> rdata) =>
        rdata.Length > FixedSize && (Flags(rdata) & ZoneKey) != 0 && rdata[2] == 3;

    /// <summary>SEP: the key is meant to be pointed to from outside, a key-signing key (RFC 4034 §2.1.1, RFC 6781 §3.1).</summary>
    public static bool IsSecureEntryPoint(ReadOnlySpan<byte> rdata) => (Flags(rdata) & SecureEntryPoint) != 0;

    public static DnssecAlgorithm Algorithm(ReadOnlySpan<byte> rdata) => (DnssecAlgorithm)rdata[3];

    public static ReadOnlySpan<byte> PublicKey(ReadOnlySpan<byte> rdata) => rdata[FixedSize..];

    /// <summary>The key's tag (RFC 4034 appendix B).</summary>
    public static ushort KeyTag(ReadOnlySpan<byte> rdata)
    {
        uint sum = 0;
        for (var index = 0; index < rdata.Length; index++)
        {
            sum += (index & 1) == 0 ? (uint)rdata[index] << 8 : rdata[index];
        }

        return (ushort)(sum + (sum >> 16));
    }

    public static byte[] Create(ushort flags, DnssecAlgorithm algorithm, ReadOnlySpan<byte> publicKey)
    {
        var rdata = new byte[FixedSize + publicKey.Length];
        BinaryPrimitives.WriteUInt16BigEndian(rdata, flags);
        rdata[2] = 3;
        rdata[3] = (byte)algorithm;
        publicKey.CopyTo(rdata.AsSpan(FixedSize));
        return rdata;
    }

    private static ushort Flags(ReadOnlySpan<byte> rdata) => BinaryPrimitives.ReadUInt16BigEndian(rdata);
}
