using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Dns64;

/// <summary>The prefix that IPv6 clients reach IPv4 hosts by (RFC 6052 §2.2). Its length is 32, 40, 48, 56, 64 or 96 bits.</summary>
internal readonly struct Nat64Prefix
{
    // Octet 8 is zero in every address (RFC 6052 §2.2): IPv4 octets go around it.
    private const int ReservedOctet = 8;

    private readonly IPAddressValue _address;
    private readonly int _octets;

    private Nat64Prefix(IPAddressValue address, int length)
    {
        _address = address;
        _octets = length / 8;
    }

    /// <summary>64:ff9b::/96, the well-known one.</summary>
    public static Nat64Prefix WellKnown { get; } = new(IPAddressValue.FromIPv6([0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), 96);

    /// <exception cref="CorefileException">The word is no such prefix.</exception>
    public static Nat64Prefix Read(Token word)
    {
        if (!word.Text.Contains('/', StringComparison.Ordinal)
            || !IPAddressValue.TryParsePrefix(word.Text, out var address, out var length)
            || address.IsIPv4)
        {
            throw word.Unexpected("an IPv6 prefix like 64:ff9b::/96");
        }

        return length is 32 or 40 or 48 or 56 or 64 or 96
            ? new Nat64Prefix(address, length)
            : throw word.Unexpected("an IPv6 prefix of 32, 40, 48, 56, 64 or 96 bits");
    }

    /// <summary>Writes 16 octets: the IPv6 address that stands for an IPv4 address of four.</summary>
    public void Embed(ReadOnlySpan<byte> ipv4, Span<byte> ipv6)
    {
        _address.WriteOctets(ipv6);
        ipv6[_octets..16].Clear();
        var at = _octets;
        foreach (var octet in ipv4)
        {
            at += at == ReservedOctet ? 1 : 0;
            ipv6[at++] = octet;
        }
    }
}
