using ClusterDns.Testing.ApiServer;
using ClusterDns.Testing.Processes;
using ClusterDns.Testing.Upstream;
using ClusterDns.Testing.Wire;
using Xunit;

namespace ClusterDns.FunctionalTests.Serving;

/// <summary>
/// The executable with kubeadm's Corefile on free ports of this machine, between a double of the API server and one of
/// the name server outside.
/// </summary>
public sealed class KubeadmServer : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("clusterdns").FullName;
    private UpstreamDouble? _upstream;
    private FakeApiServer? _api;
    private ServerProcess? _process;

    public static string Executable { get; } = Path.Combine(AppContext.BaseDirectory, "clusterdns");

    public int Port { get; } = FreePorts.Take();

    public int HealthPort { get; } = FreePorts.Take();

    public int ReadyPort { get; } = FreePorts.Take();

    public int MetricsPort { get; } = FreePorts.Take();

    /// <summary>How long health waits at the end, in milliseconds.</summary>
    public int Lameduck { get; init; } = 100;

    /// <summary>Where an API server is to come; null to start one with <see cref="ServedObjects"/>.</summary>
    public int? ApiPort { get; init; }

    public string Kubeconfig => Path.Combine(_folder, "kubeconfig");

    public string CorefilePath => Path.Combine(_folder, "Corefile");

    // Each is set by InitializeAsync, which the test framework calls before anything else.
    public FakeApiServer Api => _api!;

    public ServerProcess Process => _process!;

    internal DnsPeer Dns => new(Port);

    public async ValueTask InitializeAsync()
    {
        string zone = Path.Combine(_folder, "zone");
        await File.WriteAllTextAsync(zone, ServedObjects.Zone);
        ZoneContents outside = ZoneContents.Read(zone, WireName.Parse("example.test."));
        _upstream = UpstreamDouble.Start(FreePorts.Take(), zones: outside);
        await WriteKubeconfigAsync();
        await File.WriteAllTextAsync(CorefilePath, Corefile(_upstream.Port));
        _process = ServerProcess.Start(Executable, _folder, new Dictionary<string, string>(), "-conf", CorefilePath);
        bool serves = await _process.WaitUntilAsync(ServesAsync, Patience);
        Assert.True(serves, _process.Output);
    }

    /// <summary>The status and the text at a path of one of the HTTP ports.</summary>
    public static async Task<(int Status, string Text)> GetAsync(int port, string path)
    {
        using HttpClient client = new();
        using HttpResponseMessage reply = await client.GetAsync(new Uri($"http://127.0.0.1:{port}{path}"));
        return ((int)reply.StatusCode, await reply.Content.ReadAsStringAsync());
    }

    public async Task UntilAsync(Func<Task<bool>> condition) =>
        Assert.True(await Process.WaitUntilAsync(condition, Patience), "it never came true\n" + Process.Output);

    public async ValueTask DisposeAsync()
    {
        await (_process?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_api?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_upstream?.DisposeAsync() ?? ValueTask.CompletedTask);
        Directory.Delete(_folder, true);
    }

    private async Task WriteKubeconfigAsync()
    {
        FakeApiServer api = await FakeApiServer.StartAsync(new FakeApiServerOptions { Port = ApiPort ?? 0 });
        api.WriteKubeconfig(Kubeconfig);
        if (ApiPort is not null)
        {
            await api.DisposeAsync();
            return;
        }

        api.Apply(ServedObjects.Cluster);
        _api = api;
    }

    // With an API server the cluster is known by the time that queries are answered; without one the answer says so.
    private async Task<bool> ServesAsync() =>
        await ServerProcess.ListensAsync(Port)
        && (ApiPort is not null || (await GetAsync(ReadyPort, "/ready")).Status == 200);

    private string Corefile(int upstream) => $$"""
        .:{{Port}} {
            errors
            health 127.0.0.1:{{HealthPort}} {
                lameduck {{Lameduck}}ms
            }
            ready 127.0.0.1:{{ReadyPort}}
            kubernetes cluster.local in-addr.arpa ip6.arpa {
                kubeconfig {{Kubeconfig}}
                startup_timeout 2s
                pods insecure
                fallthrough in-addr.arpa ip6.arpa
                ttl 30
            }
            prometheus 127.0.0.1:{{MetricsPort}}
            forward . 127.0.0.1:{{upstream}} {
                max_concurrent 1000
            }
            cache 30 {
                disable success cluster.local
                disable denial cluster.local
            }
            loop
            reload
            loadbalance
        }

        """;
}
