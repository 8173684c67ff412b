using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ClusterDns.Testing.Wire;

namespace ClusterDns.Conformance.Asking;

/// <summary>The key a case signs with (RFC 8945).</summary>
internal sealed class TsigKey(JsonObject json)
{
    private readonly byte[] _secret = Convert.FromBase64String($"{json["secret"]}");

    public WireName Name { get; } = WireName.Parse($"{json["name"]}");

    public WireName Algorithm { get; } = WireName.Parse(json["alg"]?.ToString() ?? "hmac-sha256.");

    /// <summary>How the signature is spoilt on purpose: <c>mac</c>, <c>time</c> or not at all.</summary>
    public string? Bad { get; } = json["bad"]?.ToString();

    [SuppressMessage("Security", "CA5350", Justification = "RFC 8945 names HMAC-SHA1; the recordings use it.")]
    [SuppressMessage("Security", "CA5351", Justification = "RFC 8945 names HMAC-MD5; the recordings may use it.")]
    public byte[] Mac(byte[] octets) => $"{Algorithm.ToLower()}" switch
    {
        "hmac-sha256." => HMACSHA256.HashData(_secret, octets),
        "hmac-sha384." => HMACSHA384.HashData(_secret, octets),
        "hmac-sha512." => HMACSHA512.HashData(_secret, octets),
        "hmac-sha1." => HMACSHA1.HashData(_secret, octets),
        "hmac-md5.sig-alg.reg.int." => HMACMD5.HashData(_secret, octets),
        var other => throw new InvalidOperationException($"no algorithm {other}"),
    };
}
