using System.Net;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;
using ClusterDns.Protocol.Records;
using ClusterDns.Server.Admin;
using ClusterDns.Server.Reloading;
using ClusterDns.Server.Transports;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterDns.Testing.Transports;

/// <summary>Transports on loopback with a chain of the test's own behind them.</summary>
internal sealed class TransportHarness : IAsyncDisposable
{
    private readonly List<ITransport> _transports = [];
    private readonly MetricRegistry _metrics = new();

    /// <param name="time">Null: it stands still.</param>
    /// <param name="limits">Null: those of a large machine.</param>
    public TransportHarness(TimeProvider? time = null, Func<MetricRegistry, TransportLimits>? limits = null)
    {
        var queries = new QueryContextPool();
        Services = new ServerServices
        {
            Loggers = NullLoggerFactory.Instance,
            Metrics = _metrics,
            Resolver = new QueryResolver(queries),
            Queries = queries,
            Http = new HttpEndpoints(),
            Version = "test",
            Time = time ?? new StandingClock(),
        };
        Limits = limits?.Invoke(_metrics) ?? new TransportLimits(_metrics);
    }

    public ServerServices Services { get; }

    public TransportLimits Limits { get; }

    /// <summary>What the series of a counter with this label value has counted; 0 where there is none.</summary>
    public long Count(string family, string label) => _metrics.Families.Where(each => each.Name == family)
        .SelectMany(static each => each.Series)
        .Where(series => series.Values.Contains(label))
        .Sum(static series => ((Counter)series.Series).Value);

    /// <summary>How often one of the ceilings without a metric of its own was reached.</summary>
    public long Ceiling(string name) => Count(CeilingCounter.Name, name);

    /// <summary>Connections that the server closed for this reason.</summary>
    public long Closed(string reason) => Count("clusterdns_connections_closed_total", reason);

    /// <summary>Queries that were dropped for this reason.</summary>
    public long Dropped(string reason) => Count("clusterdns_queries_dropped_total", reason);

    /// <summary>Answers every query with one A record; counts nothing, allocates nothing.</summary>
    public static FakeHandler Address { get; } = new(static query =>
    {
        query.Response.Begin("test", authoritative: true);
        query.Response.AddAnswer(NameRef.QueryName, RecordType.A, 60, [192, 0, 2, 1]);
    });

    /// <param name="address">Null: the wildcard.</param>
    /// <param name="parts">What directives of the block would export.</param>
    public ListenGroup Group(
        IQueryHandler handler, string? address = "127.0.0.1", TransportScheme scheme = TransportScheme.Dns, int port = 0, params object[] parts)
    {
        var document = CorefileReader.ReadText(".:53 {\n    whoami\n}\n", "Corefile", static _ => null);
        var block = new BlockContext(document.Blocks[0], Services);
        Array.ForEach(parts, block.Export);
        var listen = new ListenAddress(scheme, address is null ? null : IPAddress.Parse(address), port);
        var router = new QueryRouter([new BlockRoute(block.Zones[0], block, handler)], Services);
        return new ListenGroup(listen, new ListenerIdentity(listen.Label, 0), router, [block]);
    }

    /// <summary>Binds and starts; stopped with the harness.</summary>
    public ITransport Start(ListenGroup group) => Start(TransportFactory.Bind(group, Services, Limits));

    public ITransport Start(ITransport transport)
    {
        _transports.Add(transport);
        transport.Start();
        return transport;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var transport in _transports)
        {
            await transport.DisposeAsync();
        }
    }
}
