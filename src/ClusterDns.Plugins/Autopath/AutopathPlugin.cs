using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;
using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Plugins.Autopath;

/// <summary>
/// Walks the client's search list for it: a name under the list's first element is looked for under each, and the first
/// that exists is the answer, tied to the question by a CNAME record.
/// </summary>
internal sealed partial class AutopathPlugin : IPlugin
{
    private readonly IQueryHandler _next;
    private readonly ZoneSet _zones;
    private readonly Func<QueryContext, IReadOnlyList<DnsName>?> _findPath;
    private readonly QueryContextPool _queries;
    private readonly PerListener<Counter> _successes;

    private AutopathPlugin(
        IQueryHandler next, ZoneSet zones, Func<QueryContext, IReadOnlyList<DnsName>?> findPath, ServerServices services)
    {
        _next = next;
        _zones = zones;
        _findPath = findPath;
        _queries = services.Queries;
        _successes = new PerListener<Counter>(listener => services.Metrics
            .Counter("coredns_autopath_success_total", "Counter of requests that did autopath.", "server")
            .With(listener.Label));
    }

    public static string Name => "autopath";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        var directive = directives.ExpectOnce();
        directive.ExpectNoBlock();
        if (directive.Arguments.Count == 0)
        {
            throw directive.Error("no resolv-conf specified");
        }

        var zones = directive.Arguments.SkipLast(1).SelectMany(static zone => zone.ParseZones()).ToArray();
        var findPath = FindPath(directive, directive.Arguments[^1], block);
        var set = new ZoneSet(zones.Length > 0 ? zones : directive.ServerZones);
        return next => new AutopathPlugin(next, set, findPath, block.Services);
    }

    public ValueTask HandleAsync(QueryContext query)
    {
        if (!_zones.Contains(query.LowerName)
            || _findPath(query) is not { Count: > 0 } path
            || !query.LowerName.IsSubdomainOf(path[0].Span))
        {
            return _next.HandleAsync(query);
        }

        if (query.LowerName.Length == path[0].Wire.Length)
        {
            // CoreDNS finds nothing in front of the element to look for.
            query.Response.Fail(ResponseCode.ServFail, Name, "the name is an element of the search list");
            return ValueTask.CompletedTask;
        }

        var running = _next.HandleAsync(query);
        return running.IsCompletedSuccessfully ? GoOn(query, path) : AwaitFirstAsync(running, query, path);
    }

    private async ValueTask AwaitFirstAsync(ValueTask running, QueryContext query, IReadOnlyList<DnsName> path)
    {
        await running;
        await GoOn(query, path);
    }

    // The first element is done, by the query itself; others are asked for by a second one, so that the first reply stays.
    private ValueTask GoOn(QueryContext query, IReadOnlyList<DnsName> path)
    {
        if (!IsMiss(query.Response))
        {
            Conclude(query);
            return ValueTask.CompletedTask;
        }

        var variant = _queries.Rent();
        for (var index = 1; index < path.Count; index++)
        {
            if (!TryBegin(variant, query, path, index))
            {
                continue;
            }

            var running = _next.HandleAsync(variant);
            if (!running.IsCompletedSuccessfully)
            {
                return AwaitRestAsync(running, variant, query, path, index);
            }

            if (Take(variant, query))
            {
                break;
            }
        }

        _queries.Return(variant);
        return ValueTask.CompletedTask;
    }

    private async ValueTask AwaitRestAsync(
        ValueTask running, QueryContext variant, QueryContext query, IReadOnlyList<DnsName> path, int index)
    {
        await running;
        while (!Take(variant, query) && ++index < path.Count)
        {
            if (TryBegin(variant, query, path, index))
            {
                await _next.HandleAsync(variant);
            }
        }

        _queries.Return(variant);
    }

    // The name that the client's resolver would ask for next. False where it is too long to be one.
    private static bool TryBegin(QueryContext variant, QueryContext query, IReadOnlyList<DnsName> path, int index)
    {
        Span<byte> name = stackalloc byte[NameSpan.MaxLength];
        var wire = query.Name.Wire;
        var stem = wire[..(wire.Length - path[0].Wire.Length)];
        var suffix = path[index].Wire;
        if (stem.Length + suffix.Length > name.Length)
        {
            return false;
        }

        stem.CopyTo(name);
        suffix.CopyTo(name[stem.Length..]);
        variant.BeginVariant(query, new NameSpan(name[..(stem.Length + suffix.Length)]));
        return true;
    }

    // True where the walk ends here: the query has the variant's response then.
    private bool Take(QueryContext variant, QueryContext query)
    {
        var response = variant.Response;
        if (IsMiss(response))
        {
            return false;
        }

        if (response.State is not ResponseState.Answered)
        {
            query.Response.Drop(response.Source);
            return true;
        }

        query.Reason = variant.Reason;
        query.Response.CopyFrom(response, variant);
        Conclude(query);
        return true;
    }

    // No such name, or a response code that no directive made a message of; what failed for a reason ends the walk.
    private static bool IsMiss(Response response) => response.State is ResponseState.Answered
        && (response.IsBare ? response.Error is null : response.Code is ResponseCode.NXDomain);

    private void Conclude(QueryContext query)
    {
        var response = query.Response;
        if (response.State is not ResponseState.Answered || response.IsBare)
        {
            return;
        }

        foreach (ref var record in response.Answer.Records)
        {
            var owner = query.Resolve(record.Owner);
            if (!owner.Equals(query.Name))
            {
                var target = response.Copy(owner.Wire, out var offset);
                response.Answer.Insert(0, new ResponseRecord(
                    NameRef.QueryName, RecordType.CNAME, RecordClass.IN, record.Ttl, target, offset, owner.Length));
                break;
            }
        }

        _successes.For(query.Listener).Increment(query.Worker);
    }

    private static Func<QueryContext, IReadOnlyList<DnsName>?> FindPath(Directive directive, Token source, BlockContext block)
    {
        if (source.Text.StartsWith('@'))
        {
            return FromDirective(source.Text[1..], block);
        }

        try
        {
            IReadOnlyList<DnsName> path = [.. SearchList.Read(source.Text), DnsName.Root];
            return _ => path;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw directive.Error($"failed to parse {CorefileException.Quote(source.Text)}: {exception.Message}");
        }
    }

    // Known when every directive of the block is configured; without it no name is looked for elsewhere, as with CoreDNS.
    private static Func<QueryContext, IReadOnlyList<DnsName>?> FromDirective(string name, BlockContext block)
    {
        ISearchPathSource? source = null;
        block.OnStartup(_ =>
        {
            source = block.FindAll<ISearchPathSource>().FirstOrDefault(known => known.Name == name);
            if (source is null)
            {
                LogNoSource(block.Services.LoggerFor(Name), name);
            }

            return ValueTask.CompletedTask;
        });
        return query => source?.FindSearchPath(query);
    }

    [LoggerMessage(2100, LogLevel.Warning, "No directive of the server block offers search lists as {Source}: nothing is looked for")]
    private static partial void LogNoSource(ILogger logger, string source);
}
