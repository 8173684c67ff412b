using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Rewrite;

/// <summary><c>rewrite ttl</c>: every TTL within bounds, in seconds.</summary>
internal sealed class TtlResponseRule(uint min, uint max) : ResponseRule
{
    public override void Apply(Response response, ref ResponseRecord record) => record.Ttl = Math.Clamp(record.Ttl, min, max);
}
