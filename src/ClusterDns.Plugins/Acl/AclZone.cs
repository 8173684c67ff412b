using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Plugins.Acl;

/// <summary>A zone that a rule is for, with the counters that carry its name.</summary>
internal sealed class AclZone
{
    private readonly PerListener<Counter> _blocked;
    private readonly PerListener<Counter> _filtered;
    private readonly PerListener<Counter> _dropped;

    public AclZone(DnsName zone, BlockContext block)
    {
        var name = zone.ToString();
        _blocked = Series("coredns_acl_blocked_requests_total", "Counter of DNS requests being blocked.");
        _filtered = Series("coredns_acl_filtered_requests_total", "Counter of DNS requests being filtered.");
        _dropped = Series("coredns_acl_dropped_requests_total", "Counter of DNS requests being dropped.");

        PerListener<Counter> Series(string family, string help)
        {
            var counters = block.Services.Metrics.Counter(family, help, "server", "zone", "view");
            return new PerListener<Counter>(listener => counters.With(listener.Label, name, block.View));
        }
    }

    public void Count(AclAction action, QueryContext query)
    {
        var counter = action switch { AclAction.Block => _blocked, AclAction.Filter => _filtered, _ => _dropped };
        counter.For(query.Listener).Increment(query.Worker);
    }
}
