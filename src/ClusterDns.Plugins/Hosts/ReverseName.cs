using System.Globalization;
using System.Text;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Plugins.Hosts;

/// <summary>The name under <c>in-addr.arpa</c> or <c>ip6.arpa</c> that stands for an address (RFC 1035 §3.5, RFC 3596 §2.5).</summary>
internal static class ReverseName
{
    public static DnsName Of(IPAddressValue address)
    {
        Span<byte> octets = stackalloc byte[16];
        var length = address.WriteOctets(octets);
        var text = new StringBuilder(80);
        for (var index = length - 1; index >= 0; index--)
        {
            var octet = octets[index];
            _ = address.IsIPv4
                ? text.Append(CultureInfo.InvariantCulture, $"{octet}.")
                : text.Append(CultureInfo.InvariantCulture, $"{octet & 0xf:x}.{octet >> 4:x}.");
        }

        return DnsName.Parse(text.Append(address.IsIPv4 ? "in-addr.arpa." : "ip6.arpa.").ToString());
    }
}
