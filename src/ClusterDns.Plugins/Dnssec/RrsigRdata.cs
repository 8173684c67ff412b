using ClusterDns.Protocol.Dnssec;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Plugins.Dnssec;

/// <summary>Makes the RDATA of an RRSIG (RFC 4034 §3.1.8.1).</summary>
internal static class RrsigRdata
{
    /// <param name="canonical">The records in canonical form and order, with the Original TTL of the fields.</param>
    public static byte[] Create(SigningKey key, SignatureFields fields, NameSpan zone, ReadOnlySpan<byte> canonical)
    {
        var input = new byte[SignatureFields.FixedSize + zone.Length + canonical.Length];
        var prefix = fields.Write(input, zone);
        canonical.CopyTo(input.AsSpan(prefix));
        var signature = key.Sign(input);
        var rdata = new byte[prefix + signature.Length];
        input.AsSpan(0, prefix).CopyTo(rdata);
        signature.CopyTo(rdata, prefix);
        return rdata;
    }
}
