using ClusterDns.Protocol.Names;

namespace ClusterDns.Core.Pipeline;

/// <summary>A server block under one of its zones.</summary>
/// <param name="Chain">Null for a block without a step that answers: its queries are refused.</param>
public sealed record BlockRoute(DnsName Zone, BlockContext Block, IQueryHandler? Chain)
{
    /// <summary>
    /// True where the block's views let the query in. Labels are collected before, as views may read them; they stay where
    /// the block is not chosen and the one that is collects none, as with CoreDNS.
    /// </summary>
    public bool Accepts(QueryContext query)
    {
        Block.CollectMetadata?.Invoke(query);
        foreach (var filter in Block.Filters)
        {
            if (!filter(query))
            {
                return false;
            }
        }

        return true;
    }
}
