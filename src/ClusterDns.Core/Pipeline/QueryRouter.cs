using ClusterDns.Core.Telemetry;
using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Core.Pipeline;

/// <summary>Chooses the server block for a query of one listening address and runs its chain. Catches what the chain throws.</summary>
public sealed partial class QueryRouter : IQueryHandler
{
    private readonly ZoneTable<BlockRoute[]> _routes;

    // The route of every name, as most configurations have it: one block for the root, without views. Null: they differ.
    private readonly BlockRoute? _only;
    private readonly bool _handlesOtherClasses;
    private readonly ServerServices _services;
    private readonly ILogger _logger;
    private readonly Counter _panics;

    /// <param name="routes">In the file's order: among blocks of one zone the first whose views accept is taken.</param>
    public QueryRouter(IEnumerable<BlockRoute> routes, ServerServices services)
    {
        var all = routes.ToArray();
        _routes = new ZoneTable<BlockRoute[]>(
            all.GroupBy(static route => route.Zone).Select(static zone => KeyValuePair.Create(zone.Key, zone.ToArray())));
        _only = all is [{ Zone.IsRoot: true, Block: { CollectMetadata: null, Filters.IsEmpty: true } } only] ? only : null;
        _handlesOtherClasses = all.Any(static route => route.Block.HandlesOtherClasses);
        _services = services;
        _logger = services.Loggers.CreateLogger("");
        _panics = services.Metrics.Counter("coredns_panics_total", "A metrics that counts the number of panics.").With();
    }

    public ValueTask HandleAsync(QueryContext query)
    {
        if (!ReferenceEquals(query.Router, this))
        {
            query.Router = this;
        }

        if (query.Class != RecordClass.IN && !_handlesOtherClasses)
        {
            return Refuse(query);
        }

        var route = _only ?? Choose(query);
        if (route is null)
        {
            return Refuse(query);
        }

        query.Route = route;
        return route.Chain is null ? Refuse(query) : Run(route.Chain, query);
    }

    private BlockRoute? Choose(QueryContext query)
    {
        var name = query.LowerName;
        if (query.Type is RecordType.DS)
        {
            return ChooseParentSide(query, name);
        }

        for (var zone = _routes.Find(name); zone is not null; zone = _routes.FindBelow(name, zone[0].Zone.LabelCount))
        {
            if (FirstAccepting(zone, query) is { } route)
            {
                return route;
            }
        }

        return null;
    }

    // A DS record belongs to the parent's side of a zone cut (RFC 4035 §3.1.4.1): the least specific zone but the root, and
    // among its blocks, as with CoreDNS, the last one that accepts.
    private BlockRoute? ChooseParentSide(QueryContext query, NameSpan name)
    {
        BlockRoute? chosen = null;
        for (var zone = _routes.Find(name); zone is not null; zone = _routes.FindBelow(name, zone[0].Zone.LabelCount))
        {
            if (chosen is not null && zone[0].Zone.IsRoot)
            {
                break;
            }

            foreach (var route in zone)
            {
                chosen = route.Accepts(query) ? route : chosen;
            }
        }

        return chosen;
    }

    private static BlockRoute? FirstAccepting(BlockRoute[] zone, QueryContext query)
    {
        foreach (var route in zone)
        {
            if (route.Accepts(query))
            {
                return route;
            }
        }

        return null;
    }

    private ValueTask Run(IQueryHandler chain, QueryContext query)
    {
        // A bug of a plugin must not take the server with it: the one place where anything is caught.
        ValueTask running;
        try
        {
            running = chain.HandleAsync(query);
        }
        catch (Exception exception) when (!query.Block!.Debug)
        {
            Recover(query, exception);
            return ValueTask.CompletedTask;
        }

        return running.IsCompletedSuccessfully ? running : AwaitAsync(running, query);
    }

    private async ValueTask AwaitAsync(ValueTask running, QueryContext query)
    {
        try
        {
            await running;
        }
        catch (Exception exception) when (!query.Block!.Debug)
        {
            Recover(query, exception);
        }
    }

    private void Recover(QueryContext query, Exception exception)
    {
        _panics.Increment(query.Worker);
        LogRecovered(query.Listener.Label, query.Block!.LogsStackTraces ? exception.ToString() : exception.Message);
        query.Reason = new Reason(ReasonCode.Fault, exception);
        query.Response.Fail(ResponseCode.ServFail, "");
    }

    private ValueTask Refuse(QueryContext query)
    {
        query.Reason = new Reason(ReasonCode.NoZone);
        query.Response.Fail(ResponseCode.Refused, "");
        _services.Unrouted?.Invoke(query);
        return ValueTask.CompletedTask;
    }

    [LoggerMessage(1, LogLevel.Error, "Recovered from panic in server: \"{Server}\" {Fault}")]
    private partial void LogRecovered(string server, string fault);
}
