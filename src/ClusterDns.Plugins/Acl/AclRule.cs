using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Acl;

/// <summary>One <c>acl</c>: policies for the names of some zones; the first that fits decides.</summary>
internal sealed class AclRule(ZoneTable<AclZone> zones, AclPolicy[] policies)
{
    /// <summary>What this rule does with such a query; the zone only where it does anything.</summary>
    public AclAction Decide(NameSpan name, RecordType type, IPAddressValue client, out AclZone? zone)
    {
        zone = zones.Find(name);
        if (zone is null)
        {
            return AclAction.None;
        }

        foreach (var policy in policies)
        {
            if (policy.Fits(type, client))
            {
                return policy.Action;
            }
        }

        return AclAction.None;
    }
}
