using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Acl;

/// <summary>The clients that a policy is for. An IPv4 client is one of IPv4, also where it came in by an IPv6 socket.</summary>
internal sealed class AddressSet(IReadOnlyCollection<(IPAddressValue Address, int Length)> prefixes)
{
    private readonly AddressRanges _ipv4 = new(prefixes.Where(static prefix => prefix.Address.IsIPv4), width: 32);
    private readonly AddressRanges _ipv6 = new(prefixes.Where(static prefix => !prefix.Address.IsIPv4), width: 128);

    public bool Contains(IPAddressValue address) => (address.IsIPv4 ? _ipv4 : _ipv6).Contains(address.Bits);
}
