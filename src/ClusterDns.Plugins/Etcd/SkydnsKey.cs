using System.Diagnostics.CodeAnalysis;
using System.Text;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Plugins.Etcd;

/// <summary>Names as keys: <c>web.staging.skydns.local.</c> is <c>/skydns/local/skydns/staging/web</c>.</summary>
internal static class SkydnsKey
{
    /// <summary>
    /// The parts of the key of a name, the prefix's included; null where a label has octets that cannot be told from the
    /// structure of a key: no key stands for such a name.
    /// </summary>
    public static string[]? PartsOf(NameSpan name, IReadOnlyList<string> prefix)
    {
        var parts = new string[prefix.Count + name.LabelCount];
        for (var index = 0; index < prefix.Count; index++)
        {
            parts[index] = prefix[index];
        }

        for (var index = parts.Length - 1; !name.IsRoot; index--, name = name.Parent)
        {
            var label = name.FirstLabel;
            if (label.ContainsAnyExceptInRange((byte)0x21, (byte)0x7e) || label.ContainsAny((byte)'/', (byte)'.', (byte)'\\'))
            {
                return null;
            }

            parts[index] = Encoding.ASCII.GetString(label);
        }

        return parts;
    }

    /// <summary>A label that stands for any part (SkyDNS): then what is above it is asked for and searched.</summary>
    public static bool IsWildcard(string part) => part is "*" or "any";

    public static string Join(ReadOnlySpan<string> parts)
    {
        var key = new StringBuilder();
        foreach (var part in parts)
        {
            key.Append('/').Append(part);
        }

        return key.Length == 0 ? "/" : key.ToString();
    }

    /// <summary>The parts of a key that etcd returned; a final slash is none.</summary>
    public static string[] Split(string key)
    {
        var parts = key.Trim('/');
        return parts.Length == 0 ? [] : parts.Split('/');
    }

    /// <summary>The name that a key's parts stand for.</summary>
    public static bool TryReadName(ReadOnlySpan<string> parts, int prefix, [NotNullWhen(true)] out DnsName? name)
    {
        var text = new StringBuilder();
        for (var index = parts.Length - 1; index >= prefix; index--)
        {
            text.Append(parts[index]).Append('.');
        }

        return DnsName.TryParse(text.Length == 0 ? "." : text.ToString(), out name);
    }
}
