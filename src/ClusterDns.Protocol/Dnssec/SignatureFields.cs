using System.Buffers.Binary;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Protocol.Dnssec;

/// <summary>The RDATA of an RRSIG up to its signature (RFC 4034 §3.1).</summary>
/// <param name="Labels">Of the owner, without the root and a leftmost <c>*</c>; see <see cref="CountLabels"/>.</param>
/// <param name="OriginalTtl">Seconds.</param>
/// <param name="Expiration">Seconds of Unix time modulo 2³², compared by RFC 1982.</param>
/// <param name="Inception">As <paramref name="Expiration"/>.</param>
public readonly record struct SignatureFields(
    RecordType Covered, DnssecAlgorithm Algorithm, byte Labels, uint OriginalTtl, uint Expiration, uint Inception, ushort KeyTag)
{
    /// <summary>Octets in front of the signer's name.</summary>
    public const int FixedSize = 18;

    /// <summary>Writes fields and signer's name, the latter in lower case; says how many octets that are.</summary>
    public int Write(Span<byte> rdata, NameSpan signer)
    {
        BinaryPrimitives.WriteUInt16BigEndian(rdata, (ushort)Covered);
        rdata[2] = (byte)Algorithm;
        rdata[3] = Labels;
        BinaryPrimitives.WriteUInt32BigEndian(rdata[4..], OriginalTtl);
        BinaryPrimitives.WriteUInt32BigEndian(rdata[8..], Expiration);
        BinaryPrimitives.WriteUInt32BigEndian(rdata[12..], Inception);
        BinaryPrimitives.WriteUInt16BigEndian(rdata[16..], KeyTag);
        OctetCase.ToLower(signer.Wire, rdata[FixedSize..]);
        return FixedSize + signer.Length;
    }

    /// <summary>Reads the fields of well-formed RDATA; false where it is too short.</summary>
    public static bool TryRead(ReadOnlySpan<byte> rdata, out SignatureFields fields)
    {
        fields = default;
        if (rdata.Length <= FixedSize)
        {
            return false;
        }

        fields = new SignatureFields(
            (RecordType)BinaryPrimitives.ReadUInt16BigEndian(rdata),
            (DnssecAlgorithm)rdata[2],
            rdata[3],
            BinaryPrimitives.ReadUInt32BigEndian(rdata[4..]),
            BinaryPrimitives.ReadUInt32BigEndian(rdata[8..]),
            BinaryPrimitives.ReadUInt32BigEndian(rdata[12..]),
            BinaryPrimitives.ReadUInt16BigEndian(rdata[16..]));
        return true;
    }

    /// <summary>The Labels field of a signature over records of this owner (RFC 4034 §3.1.3).</summary>
    public static byte CountLabels(NameSpan owner) =>
        (byte)(owner.LabelCount - (owner.FirstLabel.SequenceEqual("*"u8) ? 1 : 0));

    /// <summary>A time as signatures have it.</summary>
    public static uint ToSeconds(DateTimeOffset time) => (uint)time.ToUnixTimeSeconds();
}
