using System.Diagnostics;
using ClusterDns.Testing.ApiServer;
using ClusterDns.Testing.Processes;

namespace ClusterDns.Faults.Running;

/// <summary>
/// What a fault works with: a folder, ports on 127.0.0.1, a double of the API server, server processes and load. Whatever was
/// started ends with the run.
/// </summary>
internal sealed class FaultRun(FaultOptions options) : IAsyncDisposable
{
    // No fault may make a process grow beyond this; 5,000 Services take a tenth of it.
    private const double MostMegabytes = 500;

    private readonly List<ServerProcess> _servers = [];
    private readonly List<QueryLoad> _loads = [];
    private readonly List<string> _failures = [];
    private readonly int _apiPort = FreePorts.Take();
    private FakeApiServer? _api;
    private double _peak;

    public FaultOptions Options => options;

    public string Folder { get; } = Directory.CreateTempSubdirectory("clusterdns-fault").FullName;

    /// <summary>Where DNS is served.</summary>
    public int Port { get; } = FreePorts.Take();

    /// <summary>Where <see cref="Corefile"/> has <c>/ready</c>.</summary>
    public int ReadyPort { get; } = FreePorts.Take();

    public int MetricsPort { get; } = FreePorts.Take();

    public string SnapshotPath => Path.Combine(Folder, "snapshot");

    public string CorefilePath => Path.Combine(Folder, "Corefile");

    public FakeApiServer Api => _api ?? throw new InvalidOperationException("the API server is away");

    public TimeSpan? Recovery { get; set; }

    /// <summary>Queries that may stay without an answer, where the fault leaves no other way.</summary>
    public int MayLose { get; set; }

    private static string Executable => Path.Combine(AppContext.BaseDirectory, "clusterdns");

    /// <summary>One server block on <see cref="Port"/> for cluster.local, with what a fault adds.</summary>
    /// <param name="kubernetes">Lines in the block of kubernetes.</param>
    /// <param name="more">Directives.</param>
    public string Corefile(string kubernetes = "", string more = "") => $$"""
        .:{{Port}} {
            errors
            ready 127.0.0.1:{{ReadyPort}}
            kubernetes cluster.local in-addr.arpa {
                endpoint http://127.0.0.1:{{_apiPort}}
                startup_timeout 2s
                {{kubernetes}}
            }
            prometheus 127.0.0.1:{{MetricsPort}}
            cache
            {{more}}
        }

        """;

    /// <summary>Starts the double where the Corefile leads, with these objects.</summary>
    public async Task<FakeApiServer> StartApiAsync(string objects)
    {
        _api = await FakeApiServer.StartAsync(new() { Port = _apiPort });
        _api.Apply(objects);
        return _api;
    }

    public async Task StopApiAsync()
    {
        await (_api?.DisposeAsync() ?? ValueTask.CompletedTask);
        _api = null;
    }

    /// <summary>Writes the Corefile and starts a process; returns when it listens.</summary>
    public async Task<ServerProcess> StartServerAsync(string corefile)
    {
        await File.WriteAllTextAsync(CorefilePath, corefile);
        var server = Launch();
        if (!await server.WaitUntilAsync(() => Task.FromResult(HasStarted(server)), options.Patience))
        {
            throw new InvalidOperationException("the server does not start\n" + server.Output);
        }

        return server;
    }

    /// <summary>Starts a process with the Corefile that is there and waits for nothing.</summary>
    public ServerProcess Launch()
    {
        var server = ServerProcess.Start(Executable, Folder, new Dictionary<string, string>(), "-conf", CorefilePath);
        _servers.Add(server);
        return server;
    }

    public static bool HasStarted(ServerProcess server) => server.Output.Contains("compatible: ClusterDns-", StringComparison.Ordinal);

    /// <param name="perSecond">Queries, at most.</param>
    public QueryLoad StartLoad(int perSecond, params Probe[] probes)
    {
        var load = new QueryLoad(Port, probes, perSecond);
        _loads.Add(load);
        return load;
    }

    /// <summary>Ends a process in an orderly way.</summary>
    public async Task TerminateAsync(ServerProcess server)
    {
        NotePeak(server);
        await server.SignalAsync("TERM");
        Expect(await server.WaitForExitAsync(options.Patience), "the process ends after SIGTERM");
        Expect(server.HasExited && server.ExitCode == 0, "the process ends with 0");
    }

    /// <summary>Returns when it holds; the run fails where it never does. How long that took.</summary>
    public async Task<TimeSpan> UntilAsync(string what, Func<Task<bool>> holds)
    {
        var begun = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            if (Stopwatch.GetElapsedTime(begun) > options.Patience)
            {
                throw new InvalidOperationException($"{what}: it never came true");
            }

            await Task.Delay(2);
        }

        return Stopwatch.GetElapsedTime(begun);
    }

    /// <summary>One question outside the load: whether its answer is right.</summary>
    public Task<bool> IsRightAsync(Probe probe) => QueryLoad.IsRightAsync(Port, probe);

    /// <summary>The text at a path of one of the HTTP ports.</summary>
    public static async Task<(int Status, string Text)> GetAsync(int port, string path)
    {
        using var client = new HttpClient();
        using var reply = await client.GetAsync(new Uri($"http://127.0.0.1:{port}{path}"));
        return ((int)reply.StatusCode, await reply.Content.ReadAsStringAsync());
    }

    public void Expect(bool holds, string what)
    {
        if (!holds)
        {
            _failures.Add("not so: " + what);
        }
    }

    public void Fail(string what) => _failures.Add(what);

    public async Task<FaultResult> FinishAsync(IFault fault, TimeSpan took)
    {
        foreach (var load in _loads)
        {
            await load.StopAsync();
        }

        _servers.ForEach(NotePeak);
        var (sent, lost, wrong) = (_loads.Sum(static load => load.Sent), _loads.Sum(static load => load.Lost), _loads.Sum(static load => load.Wrong));
        if (lost > MayLose || wrong > 0)
        {
            Fail($"{lost} lost, {wrong} wrong: {_loads.Select(static load => load.Example).FirstOrDefault(static text => text is not null)}");
        }

        Expect(_peak < MostMegabytes, $"a process has at most {MostMegabytes} MB");
        if (_failures.Count > 0)
        {
            _servers.ForEach(server => Fail("a server said:\n" + string.Join('\n', server.Output.Split('\n').TakeLast(30))));
        }

        return new FaultResult(fault, sent, lost, wrong, _peak, Recovery, took, _failures);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var load in _loads)
        {
            await load.DisposeAsync();
        }

        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        await StopApiAsync();
        Directory.Delete(Folder, true);
    }

    /// <summary>Notes the most memory the process had; what ends it by itself calls this before.</summary>
    public void NotePeak(ServerProcess server)
    {
        var status = $"/proc/{server.Id}/status";
        if (server.HasExited || !File.Exists(status))
        {
            return;
        }

        // "VmHWM:     61234 kB": the most that was ever resident.
        var line = File.ReadLines(status).FirstOrDefault(static line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        if (line?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [_, var kilobytes, ..])
        {
            _peak = Math.Max(_peak, double.Parse(kilobytes, System.Globalization.CultureInfo.InvariantCulture) / 1024);
        }
    }
}
