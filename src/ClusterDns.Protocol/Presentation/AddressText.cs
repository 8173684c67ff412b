using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ClusterDns.Protocol.Presentation;

/// <summary>Addresses both ways. Stricter than <see cref="IPAddress"/>: four decimal octets, no scope, no brackets.</summary>
internal static class AddressText
{
    public const int IPv4Length = 4;
    public const int IPv6Length = 16;

    public static bool TryParseIPv4(ReadOnlySpan<char> text, RdataBuffer rdata)
    {
        var start = rdata.Length;
        foreach (var part in text.Split('.'))
        {
            var octet = text[part];

            // A leading zero would be octal to some readers.
            if ((octet.Length > 1 && octet[0] == '0') || rdata.Length - start == IPv4Length
                || !byte.TryParse(octet, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            {
                return false;
            }

            rdata.Add(value);
        }

        return rdata.Length - start == IPv4Length;
    }

    public static bool TryParseIPv6(ReadOnlySpan<char> text, RdataBuffer rdata)
    {
        Span<byte> octets = stackalloc byte[IPv6Length];
        if (text.ContainsAny('%', '[', '/') || !IPAddress.TryParse(text, out var address)
            || address.AddressFamily != AddressFamily.InterNetworkV6 || !address.TryWriteBytes(octets, out _))
        {
            return false;
        }

        rdata.Add(octets);
        return true;
    }

    /// <summary>Writes an address of 4 or 16 octets (RFC 5952 §4).</summary>
    public static void Append(StringBuilder text, ReadOnlySpan<byte> octets)
    {
        Span<char> characters = stackalloc char[64];
        _ = new IPAddress(octets).TryFormat(characters, out var length);
        text.Append(characters[..length]);
    }
}
