using ClusterDns.Core.Pipeline;
using ClusterDns.Kubernetes.Records;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Kubernetes.Plugin;

/// <summary>Follows ExternalName Services: inside the zone by itself, outside through the server.</summary>
internal sealed class AliasAnswer(KubernetesState state)
{
    private const int MostLinks = 10;

    private readonly uint _ttl = state.Options.Ttl;

    public static void Add(Response response, NameRef owner, DnsName target, uint ttl) =>
        response.Answer.Add(
            new ResponseRecord(owner, RecordType.CNAME, RecordClass.IN, ttl, target.Wire, 0, target.Wire.Length));

    /// <summary>
    /// Adds the chain of CNAME records and what stands at its end; a chain that ends at nothing is not shown.
    /// </summary>
    public ValueTask AnswerAsync(QueryContext query, KubernetesZone zone, ServiceRecords first)
    {
        var response = query.Response;
        var owner = NameRef.QueryName;
        var target = first.Target!; // Not null for this kind of Service.
        Span<byte> lower = stackalloc byte[NameSpan.MaxLength];
        for (var links = 0; links < MostLinks && !IsInChain(query, target); links++)
        {
            Add(response, owner, target, _ttl);
            owner = target;
            if (!target.IsSubdomainOf(zone.Name))
            {
                return FollowAsync(query, zone, target);
            }

            OctetCase.ToLower(target.Wire, lower);
            zone.Find(new NameSpan(lower[..target.Wire.Length]), out var match);
            if (match.Kind is MatchKind.Alias)
            {
                target = match.Records!.Target!; // Not null for this kind.
                continue;
            }

            if (AddEnd(response, owner, query.Type, in match))
            {
                return ValueTask.CompletedTask;
            }

            break;
        }

        state.AnswerNothing(query, zone, query.Reason.Subject);
        return ValueTask.CompletedTask;
    }

    private bool AddEnd(Response response, NameRef owner, RecordType type, in ClusterMatch match)
    {
        var before = response.Answer.Count;
        if (match.Kind is MatchKind.NameServer)
        {
            state.Servers.AddAddresses(response, type, owner, _ttl);
        }
        else
        {
            ClusterAnswer.AddAddresses(response, owner, in match, type, _ttl);
        }

        return response.Answer.Count > before;
    }

    // A loop: the chain has been there.
    private static bool IsInChain(QueryContext query, DnsName target)
    {
        foreach (ref var record in query.Response.Answer.Records)
        {
            if (query.Resolve(record.Owner).Equals(target.Span))
            {
                return true;
            }
        }

        return query.Name.Equals(target.Span);
    }

    private ValueTask FollowAsync(QueryContext query, KubernetesZone zone, DnsName target)
    {
        var running = state.Services.Resolver.ResolveAsync(query, target.Span, query.Type);
        if (!running.IsCompletedSuccessfully)
        {
            return AwaitAsync(running, query, zone);
        }

        Append(running.Result, query, zone);
        return ValueTask.CompletedTask;
    }

    private async ValueTask AwaitAsync(ValueTask<QueryContext?> running, QueryContext query, KubernetesZone zone) =>
        Append(await running, query, zone);

    // What the target's servers say of it, even that there is nothing, goes behind the chain.
    private void Append(QueryContext? found, QueryContext query, KubernetesZone zone)
    {
        if (found is null)
        {
            state.AnswerNothing(query, zone, query.Reason.Subject);
            return;
        }

        query.Response.CopyRecords(found.Response.Answer, query.Response.Answer, found);
        query.Response.IsTruncated |= found.Response.IsTruncated;
        state.Services.Resolver.Release(found);
    }
}
