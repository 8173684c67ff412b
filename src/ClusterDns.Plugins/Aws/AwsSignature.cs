using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ClusterDns.Plugins.Aws;

/// <summary>Signs requests to AWS (Signature Version 4).</summary>
internal static class AwsSignature
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>Adds the headers that say who asks and prove it. The request's own headers that are signed: Host, and those of AWS.</summary>
    /// <param name="body">The octets of the request's content.</param>
    public static void Sign(
        HttpRequestMessage request, ReadOnlySpan<byte> body, AwsCredentials credentials, string region, string service, DateTimeOffset now)
    {
        var uri = request.RequestUri ?? throw new ArgumentException("a request to sign has an URL", nameof(request));
        var time = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var date = time[..8];
        var bodyHash = Convert.ToHexStringLower(SHA256.HashData(body));
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["host"] = uri.IsDefaultPort ? uri.Host : uri.Authority,
            ["x-amz-date"] = time,
        };
        if (credentials.SessionToken is { } token)
        {
            headers["x-amz-security-token"] = token;
            request.Headers.TryAddWithoutValidation("X-Amz-Security-Token", token);
        }

        foreach (var (name, values) in request.Headers)
        {
            if (name.StartsWith("X-Amz-", StringComparison.OrdinalIgnoreCase))
            {
                headers[name.ToLowerInvariant()] = string.Join(',', values).Trim();
            }
        }

        var signed = string.Join(';', headers.Keys);
        var canonical = new StringBuilder()
            .Append(request.Method.Method).Append('\n')
            .Append(CanonicalPath(uri)).Append('\n')
            .Append(CanonicalQuery(uri)).Append('\n')
            .AppendJoin("", headers.Select(static header => $"{header.Key}:{header.Value}\n")).Append('\n')
            .Append(signed).Append('\n')
            .Append(bodyHash);
        var scope = $"{date}/{region}/{service}/aws4_request";
        var toSign = $"{Algorithm}\n{time}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical.ToString())))}";
        var key = Hmac(Hmac(Hmac(Hmac(Encoding.UTF8.GetBytes("AWS4" + credentials.SecretKey), date), region), service), "aws4_request");
        var signature = Convert.ToHexStringLower(Hmac(key, toSign));
        request.Headers.Remove("X-Amz-Date");
        request.Headers.TryAddWithoutValidation("X-Amz-Date", time);
        request.Headers.TryAddWithoutValidation(
            "Authorization", $"{Algorithm} Credential={credentials.AccessKey}/{scope}, SignedHeaders={signed}, Signature={signature}");
    }

    /// <summary>Escapes all but the unreserved characters of RFC 3986 §2.3, as the signature wants it.</summary>
    public static string Escape(string text) => Uri.EscapeDataString(text);

    // The path as it is sent, escaped once more.
    private static string CanonicalPath(Uri uri) => string.Join('/', uri.AbsolutePath.Split('/').Select(Escape));

    private static string CanonicalQuery(Uri uri)
    {
        var pairs = uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(static pair =>
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = equals < 0 ? (pair, "") : (pair[..equals], pair[(equals + 1)..]);
            return (Name: Escape(Uri.UnescapeDataString(name)), Value: Escape(Uri.UnescapeDataString(value)));
        });
        return string.Join('&', pairs
            .OrderBy(static pair => pair.Name, StringComparer.Ordinal)
            .ThenBy(static pair => pair.Value, StringComparer.Ordinal)
            .Select(static pair => $"{pair.Name}={pair.Value}"));
    }

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
