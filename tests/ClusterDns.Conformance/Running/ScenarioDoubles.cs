using ClusterDns.Conformance.Cases;
using ClusterDns.Testing;
using ClusterDns.Testing.ApiServer;
using ClusterDns.Testing.Processes;
using ClusterDns.Testing.Upstream;
using ClusterDns.Testing.Wire;

namespace ClusterDns.Conformance.Running;

/// <summary>The upstreams and the API server that a scenario's Corefile names, running until disposed.</summary>
internal sealed class ScenarioDoubles : IAsyncDisposable
{
    private static readonly (string Port, string Id)[] Upstreams =
        [("UPSTREAM_PORT", "A"), ("UPSTREAM2_PORT", "B"), ("UPSTREAM3_PORT", "C")];

    private static readonly WireName Example = WireName.Parse("example.com.");

    private readonly List<UpstreamDouble> _upstreams = [];
    private FakeApiServerOptions? _lateApi;
    private FakeApiServer? _api;
    private ServerProcess? _zoneServer;

    /// <param name="scenario">What to run.</param>
    /// <param name="recordings">Where the shared zone and cluster are.</param>
    /// <param name="environment">The ports to serve.</param>
    /// <param name="serverPath">The executable, which serves the zone of the kubernetes scenarios' upstream as well.</param>
    /// <param name="folder">Where files may be written.</param>
    public static async Task<ScenarioDoubles> StartAsync(
        Scenario scenario, RecordingsFolder recordings, ScenarioEnvironment environment, string serverPath, string folder)
    {
        ScenarioDoubles doubles = new();
        if (scenario.IsKubernetesKind && scenario.Names("UPSTREAM_PORT"))
        {
            await doubles.StartZoneServerAsync(recordings, environment.Port("UPSTREAM_PORT"), serverPath, folder);
        }

        foreach ((string port, string id) in Upstreams.Where(u => !scenario.IsKubernetesKind && scenario.Names(u.Port)))
        {
            List<ZoneContents> zones = [ZoneContents.Read(recordings.UpstreamZone, Example)];
            zones.AddRange(scenario.Settings.Zones(port)
                .Select(z => ZoneContents.Read(Path.Combine(scenario.Folder, z.File), WireName.Parse(z.Origin))));
            doubles._upstreams.Add(UpstreamDouble.Start(environment.Port(port), id, zones));
        }

        if (scenario.Names("KUBECONFIG"))
        {
            await doubles.StartApiAsync(scenario, recordings, environment.Variables["KUBECONFIG"]);
        }

        return doubles;
    }

    /// <summary>Starts the API server of a scenario in which it comes late, once; before, nothing listens at its port.</summary>
    public async Task StartLateApiAsync()
    {
        if (Interlocked.Exchange(ref _lateApi, null) is { } options)
        {
            _api = await FakeApiServer.StartAsync(options);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (UpstreamDouble upstream in _upstreams)
        {
            await upstream.DisposeAsync();
        }

        if (_zoneServer is not null)
        {
            await _zoneServer.DisposeAsync();
        }

        if (_api is not null)
        {
            await _api.DisposeAsync();
        }
    }

    // The upstream of these recordings was a server with a zone file, which says more than the scripted one: NS and SOA.
    private async Task StartZoneServerAsync(RecordingsFolder recordings, int port, string serverPath, string folder)
    {
        string corefile = Path.Combine(folder, "Corefile.upstream");
        await File.WriteAllTextAsync(corefile, $"example.com:{port} {{\n    file {recordings.UpstreamZone}\n}}\n");
        _zoneServer = ServerProcess.Start(serverPath, folder, new Dictionary<string, string>(), "-conf", corefile);
        if (!await _zoneServer.WaitUntilAsync(() => ServerProcess.ListensAsync(port), Patience.Limit))
        {
            throw new InvalidOperationException($"the upstream did not start: {_zoneServer.Output}");
        }
    }

    private async Task StartApiAsync(Scenario scenario, RecordingsFolder recordings, string kubeconfig)
    {
        string cluster = scenario.Settings.ClusterFile is { } own ? Path.Combine(scenario.Folder, own) : recordings.Cluster;
        FakeApiServerOptions options = new() { YamlFile = cluster, Port = FreePorts.Take() };
        await File.WriteAllTextAsync(kubeconfig, Kubeconfig(options.Port));
        _lateApi = options;
        if (!scenario.Settings.IsApiLate)
        {
            await StartLateApiAsync();
        }
    }

    // Written before the API is there: that it comes late is what one of the scenarios is about.
    private static string Kubeconfig(int port) => $"""
        apiVersion: v1
        kind: Config
        current-context: test
        clusters:
        - name: test
          cluster:
            server: http://127.0.0.1:{port}
        contexts:
        - name: test
          context:
            cluster: test
            user: test
        users:
        - name: test
          user: {"{}"}

        """;
}
