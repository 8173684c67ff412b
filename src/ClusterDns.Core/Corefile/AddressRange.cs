using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ClusterDns.Core.Corefile;

/// <summary>An address with a prefix length, which stands for the reverse zones of what it covers.</summary>
internal sealed class AddressRange
{
    private readonly byte[] _address;
    private readonly int _length;

    private AddressRange(byte[] address, int length)
    {
        _address = address;
        _length = length;
    }

    /// <summary>False when the text is no address with a slash; true and null when its length is wrong.</summary>
    public static bool TryRead(string text, out AddressRange? range)
    {
        range = null;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !TryReadAddress(text[..slash], out IPAddress? address))
        {
            return false;
        }

        byte[] octets = address.GetAddressBytes();
        if (int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int length)
            && length <= octets.Length * 8)
        {
            range = new AddressRange(octets, length);
        }

        return true;
    }

    /// <summary>
    /// The reverse zone (RFC 1035 §3.5, RFC 3596 §2.5); off an octet or nibble boundary, the zones one boundary
    /// further down that cover the range together. Bits of the address below the prefix do not matter.
    /// </summary>
    public List<string> ReverseZones()
    {
        bool isIPv4 = _address.Length == 4;
        int labelBits = isIPv4 ? 8 : 4;
        int labels = (_length + labelBits - 1) / labelBits;
        int spareBits = (labels * labelBits) - _length;
        string suffix = isIPv4 ? "in-addr.arpa." : "ip6.arpa.";
        for (int i = 0; i < labels - 1; i++)
        {
            suffix = $"{Label(i)}.{suffix}";
        }

        if (labels == 0)
        {
            return [suffix];
        }

        int first = LabelValue(labels - 1) >> spareBits << spareBits;
        return [.. Enumerable.Range(first, 1 << spareBits).Select(value => $"{Format(value)}.{suffix}")];
    }

    private string Label(int index) => Format(LabelValue(index));

    private int LabelValue(int index) =>
        _address.Length == 4 ? _address[index] : (_address[index / 2] >> (index % 2 == 0 ? 4 : 0)) & 0xF;

    private string Format(int value) =>
        value.ToString(_address.Length == 4 ? "d" : "x", CultureInfo.InvariantCulture);

    // IPAddress takes "10" and "0x0a.1" for IPv4 and brackets and scopes for IPv6; here they are names.
    private static bool TryReadAddress(string text, out IPAddress address)
    {
        bool hasForm = text.Contains(':', StringComparison.Ordinal)
            ? !text.AsSpan().ContainsAny('[', ']', '%')
            : text.Split('.') is { Length: 4 } octets && octets.All(IsOctet);
        address = IPAddress.None;
        if (!hasForm || !IPAddress.TryParse(text, out IPAddress? parsed))
        {
            return false;
        }

        address = parsed;
        return address.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6;
    }

    private static bool IsOctet(string text) =>
        text.Length is > 0 and <= 3 && text.All(char.IsAsciiDigit) && (text.Length == 1 || text[0] != '0');
}
