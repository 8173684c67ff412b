using ClusterDns.Core.Telemetry;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Core.Pipeline;

/// <summary>Runs queries of the server's own through the router that the causing query came by.</summary>
/// <param name="tooDeep">Counts queries that were not run because too many led to them.</param>
public sealed class QueryResolver(QueryContextPool pool, Counter? tooDeep = null) : IQueryResolver
{
    // CNAME chains that lead through several plugins are short; what is deeper is a loop.
    private const int MaxDepth = 8;

    public ValueTask<QueryContext?> ResolveAsync(QueryContext parent, NameSpan name, RecordType type)
    {
        if (parent.Depth >= MaxDepth)
        {
            tooDeep?.Increment(parent.Worker);
            return new ValueTask<QueryContext?>((QueryContext?)null);
        }

        if (parent.Router is not { } router)
        {
            return new ValueTask<QueryContext?>((QueryContext?)null);
        }

        var query = pool.Rent();
        query.BeginInternal(parent, name, type);
        var running = router.HandleAsync(query);
        return running.IsCompletedSuccessfully ? new ValueTask<QueryContext?>(Finish(query)) : AwaitAsync(running, query);
    }

    public void Release(QueryContext query) => pool.Return(query);

    private async ValueTask<QueryContext?> AwaitAsync(ValueTask running, QueryContext query)
    {
        await running;
        return Finish(query);
    }

    private QueryContext? Finish(QueryContext query)
    {
        if (query.Response.State is ResponseState.Answered)
        {
            return query;
        }

        pool.Return(query);
        return null;
    }
}
