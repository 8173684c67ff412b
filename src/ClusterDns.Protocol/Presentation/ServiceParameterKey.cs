using System.Globalization;

namespace ClusterDns.Protocol.Presentation;

/// <summary>SvcParamKeys by name both ways, <c>keyNNNNN</c> included (RFC 9460 §14.3.2, RFC 9461, RFC 9540).</summary>
internal static class ServiceParameterKey
{
    public const ushort Mandatory = 0;
    public const ushort Alpn = 1;
    public const ushort NoDefaultAlpn = 2;
    public const ushort Port = 3;
    public const ushort IPv4Hint = 4;
    public const ushort Ech = 5;
    public const ushort IPv6Hint = 6;
    public const ushort DohPath = 7;
    public const ushort Ohttp = 8;

    private const string Prefix = "key";

    private static readonly string[] Names =
        ["mandatory", "alpn", "no-default-alpn", "port", "ipv4hint", "ech", "ipv6hint", "dohpath", "ohttp"];

    public static bool TryParse(ReadOnlySpan<char> text, out ushort key)
    {
        for (key = 0; key < Names.Length; key++)
        {
            if (text.SequenceEqual(Names[key]))
            {
                return true;
            }
        }

        // No leading zeros, and 65535 is reserved (RFC 9460 §2.1, §14.3.2).
        key = 0;
        return text.StartsWith(Prefix, StringComparison.Ordinal)
            && (text.Length == Prefix.Length + 1 || (text.Length > Prefix.Length && text[Prefix.Length] != '0'))
            && ushort.TryParse(text[Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out key)
            && key != ushort.MaxValue;
    }

    public static string Format(ushort key) =>
        key < Names.Length ? Names[key] : string.Create(CultureInfo.InvariantCulture, $"{Prefix}{key}");
}
