using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;
using ClusterDns.Server.Admin;
using ClusterDns.Server.Reloading;
using ClusterDns.Testing.Chains;

namespace ClusterDns.UnitTests.Reloading;

/// <summary>The process's plans over transports without sockets, from a Corefile that a test writes.</summary>
internal sealed class RunnerHarness
{
    public RunnerHarness(TimeProvider time)
    {
        var queries = new QueryContextPool();
        var endpoints = new HttpEndpoints();
        Services = new ServerServices
        {
            Loggers = Log,
            Metrics = new MetricRegistry(),
            Resolver = new QueryResolver(queries),
            Queries = queries,
            Http = endpoints,
            Version = "test",
            Time = time,
        };
        Runner = new PlanRunner(Services, new PlanBuilder(Services, endpoints, 53), Read, new AdminServers(Services.Metrics), Bind);
    }

    public PlanRunner Runner { get; }

    public ServerServices Services { get; }

    public KeptLog Log { get; } = new();

    /// <summary>What the file says now.</summary>
    public string Text { get; set; } = "";

    /// <summary>All that were ever bound.</summary>
    public List<FakeTransport> Transports { get; } = [];

    public CorefileDocument Read() => CorefileReader.ReadText(Text, "Corefile", static _ => null);

    public Task StartAsync(string corefile)
    {
        Text = corefile;
        return Runner.StartAsync(Read());
    }

    public ValueTask<string?> ReloadAsync(string corefile)
    {
        Text = corefile;
        return Runner.ReloadAsync(Read());
    }

    private FakeTransport Bind(ListenGroup group)
    {
        var transport = new FakeTransport(group);
        Transports.Add(transport);
        return transport;
    }
}
