using ClusterDns.Testing;
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
    private readonly string _folder = Directory.CreateTempSubdirectory("clusterdns").FullName;
    private UpstreamDouble? _upstream;
    private readonly int _apiPort = FreePorts.Take();
    private ApiCertificates? _certificates;
    private FakeApiServer? _api;
    private ServerProcess? _process;

    public static string Executable { get; } = Path.Combine(AppContext.BaseDirectory, "clusterdns");

    public int Port { get; } = FreePorts.Take();

    public int HealthPort { get; } = FreePorts.Take();

    public int ReadyPort { get; } = FreePorts.Take();

    public int MetricsPort { get; } = FreePorts.Take();

    /// <summary>How long health waits at the end, in milliseconds.</summary>
    public int Lameduck { get; init; } = 100;

    /// <summary>Whether no API server is there at first.</summary>
    public bool IsAlone { get; init; }

    /// <summary>The API is https with a certificate of its own authority, and clients show one.</summary>
    public bool UsesTls { get; init; }

    public string Kubeconfig => Path.Combine(_folder, "kubeconfig");

    public string CorefilePath => Path.Combine(_folder, "Corefile");

    // Set by StartApiAsync, which InitializeAsync calls unless told not to.
    public FakeApiServer Api => _api!;

    // Set by InitializeAsync, which is called before anything else.
    public ServerProcess Process => _process!;

    internal DnsPeer Dns => new(Port);

    public async ValueTask InitializeAsync()
    {
        string zone = Path.Combine(_folder, "zone");
        await File.WriteAllTextAsync(zone, ServedObjects.Zone);
        ZoneContents outside = ZoneContents.Read(zone, WireName.Parse("example.test."));
        _upstream = UpstreamDouble.Start(FreePorts.Take(), zones: outside);
        _certificates = UsesTls ? new ApiCertificates(_folder) : null;
        await StartApiAsync();
        if (IsAlone)
        {
            await StopApiAsync();
        }

        await File.WriteAllTextAsync(CorefilePath, Corefile(_upstream.Port));
        _process = ServerProcess.Start(Executable, _folder, new Dictionary<string, string>(), "-conf", CorefilePath);
        bool serves = await _process.WaitUntilAsync(ServesAsync, Patience.Limit);
        Assert.True(serves, _process.Output);
    }

    /// <summary>Starts a double of the API server with <see cref="ServedObjects"/> where kubeconfig leads.</summary>
    public async Task StartApiAsync()
    {
        FakeApiServerOptions options = new() { Port = _apiPort, Certificates = _certificates };
        _api = await FakeApiServer.StartAsync(options);
        _api.Apply(ServedObjects.Cluster);
        _api.WriteKubeconfig(Kubeconfig);
    }

    public async Task StopApiAsync()
    {
        await (_api?.DisposeAsync() ?? ValueTask.CompletedTask);
        _api = null;
    }

    /// <summary>Whether the banner was printed, which comes when everything listens.</summary>
    public static bool HasStarted(ServerProcess process) =>
        process.Output.Contains("compatible: ClusterDns-", StringComparison.Ordinal);

    /// <summary>The status and the text at a path of one of the HTTP ports.</summary>
    public static async Task<(int Status, string Text)> GetAsync(int port, string path)
    {
        using HttpClient client = new();
        using HttpResponseMessage reply = await client.GetAsync(new Uri($"http://127.0.0.1:{port}{path}"));
        return ((int)reply.StatusCode, await reply.Content.ReadAsStringAsync());
    }

    public async Task UntilAsync(Func<Task<bool>> condition) =>
        Assert.True(await Process.WaitUntilAsync(condition, Patience.Limit), "it never came true\n" + Process.Output);

    public async ValueTask DisposeAsync()
    {
        await (_process?.DisposeAsync() ?? ValueTask.CompletedTask);
        await StopApiAsync();
        _certificates?.Dispose();
        await (_upstream?.DisposeAsync() ?? ValueTask.CompletedTask);
        Directory.Delete(_folder, true);
    }

    // With an API server the cluster is known by the time that queries are answered; without one the answer says so.
    private async Task<bool> ServesAsync() =>
        HasStarted(Process)
        && (IsAlone || (await GetAsync(ReadyPort, "/ready")).Status == 200);

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
