using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Protocol.Dnssec;

/// <summary>Makes the RDATA of DS and CDS records (RFC 4034 §5.1, RFC 7344 §3.1).</summary>
public static class DsRdata
{
    private const int FixedSize = 4;

    /// <param name="dnskey">RDATA of the key that is pointed to.</param>
    /// <exception cref="ArgumentOutOfRangeException">A digest that is not known here.</exception>
    public static byte[] Create(NameSpan owner, ReadOnlySpan<byte> dnskey, DigestType digest)
    {
        // RFC 4034 §5.1.4: the owner in canonical form, then the key's RDATA.
        var input = new byte[owner.Length + dnskey.Length];
        OctetCase.ToLower(owner.Wire, input);
        dnskey.CopyTo(input.AsSpan(owner.Length));
        var hash = Hash(input, digest);
        var rdata = new byte[FixedSize + hash.Length];
        BinaryPrimitives.WriteUInt16BigEndian(rdata, DnskeyRdata.KeyTag(dnskey));
        rdata[2] = (byte)DnskeyRdata.Algorithm(dnskey);
        rdata[3] = (byte)digest;
        hash.CopyTo(rdata, FixedSize);
        return rdata;
    }

    [SuppressMessage("Security", "CA5350", Justification = "Old DS records have it; new ones are the caller's choice.")]
    private static byte[] Hash(ReadOnlySpan<byte> input, DigestType digest) => digest switch
    {
        DigestType.Sha1 => SHA1.HashData(input),
        DigestType.Sha256 => SHA256.HashData(input),
        DigestType.Sha384 => SHA384.HashData(input),
        _ => throw new ArgumentOutOfRangeException(nameof(digest)),
    };
}
