using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Kubernetes.External;

/// <summary>Follows the names of load balancers through the server.</summary>
/// <param name="ttl">Of CNAME records: that of <c>kubernetes</c>, as with CoreDNS.</param>
internal sealed class ExternalTargets(ServerServices services, uint ttl)
{
    /// <summary>Adds a CNAME record for each name and what it leads to.</summary>
    public async ValueTask AnswerAsync(QueryContext query, DnsName[] targets)
    {
        foreach (var target in targets)
        {
            query.Response.Answer.Add(new ResponseRecord(
                NameRef.QueryName, RecordType.CNAME, RecordClass.IN, ttl, target.Wire, 0, target.Wire.Length));
            await FollowAsync(query, target, query.Type, query.Response.Answer);
        }
    }

    /// <summary>Adds the addresses of SRV records' targets as additional records.</summary>
    public async ValueTask AddAdditionalAsync(QueryContext query, DnsName[] targets)
    {
        foreach (var target in targets)
        {
            await FollowAsync(query, target, RecordType.A, query.Response.Additional);
            await FollowAsync(query, target, RecordType.AAAA, query.Response.Additional);
        }
    }

    private async ValueTask FollowAsync(QueryContext query, DnsName target, RecordType type, ResponseSection section)
    {
        if (await services.Resolver.ResolveAsync(query, target.Span, type) is { } found)
        {
            query.Response.CopyRecords(found.Response.Answer, section, found);
            query.Response.IsTruncated |= found.Response.IsTruncated;
            services.Resolver.Release(found);
        }
    }
}
