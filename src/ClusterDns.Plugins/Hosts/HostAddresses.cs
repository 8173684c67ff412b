using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Hosts;

/// <summary>The address records of one name; a family without an address is null.</summary>
internal sealed record HostAddresses(RRset? IPv4, RRset? IPv6)
{
    public static HostAddresses Create(IReadOnlyList<IPAddressValue> addresses, uint ttl) => new(
        SetOf(RecordType.A, [.. addresses.Where(static address => address.IsIPv4)], ttl),
        SetOf(RecordType.AAAA, [.. addresses.Where(static address => !address.IsIPv4)], ttl));

    private static RRset? SetOf(RecordType type, IReadOnlyList<IPAddressValue> addresses, uint ttl) => addresses.Count == 0
        ? null
        : RRset.Create(type, ttl, [.. addresses.Select(static address =>
        {
            var octets = new byte[16];
            return octets[..address.WriteOctets(octets)];
        })]);
}
