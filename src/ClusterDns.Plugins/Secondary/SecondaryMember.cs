using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Plugins.Secondary;

/// <summary>A zone, where it comes from, and what keeps it going.</summary>
/// <param name="Catalog">The catalog that names it; null where the Corefile does.</param>
/// <param name="Id">What the catalog calls it: another one is another zone of the same name (RFC 9432 §5.4).</param>
internal sealed record SecondaryMember(
    SecondaryZone Zone, SecondaryOptions Options, DnsName? Catalog, string Id, CancellationTokenSource Stop)
{
    public bool IsPrimary(IPAddressValue client)
    {
        for (var index = 0; index < Options.Primaries.Count; index++)
        {
            if (Options.Primaries[index].Address == client)
            {
                return true;
            }
        }

        return false;
    }
}
