using System.Diagnostics;
using ClusterDns.Benchmarks.Cluster;
using ClusterDns.Benchmarks.Load;

namespace ClusterDns.Benchmarks.Comparison;

/// <summary>
/// Measures this server beside those of Debian: one at a time on core 0, the load on core 1, in turn, medians over the rounds.
/// What is compared is processor time a query, which is the server's own whatever the load generator manages.
/// </summary>
internal static class CompareCommand
{
    private const string ServerCore = "0";
    private const string LoadCore = "1";
    private const int Warming = 1;

    private static readonly (char Phase, string Name, string File, string[] Arguments)[] Phases =
    [
        ('k', "cluster", "k.txt", ["-c", "10", "-q", "200"]),
        ('e', "cluster, EDNS", "k.txt", ["-c", "10", "-q", "200", "-e", "-D"]),
        ('t', "TCP", "k.txt", ["-m", "tcp", "-c", "10", "-q", "200"]),
        ('d', "TLS", "k.txt", ["-m", "dot", "-c", "10", "-q", "200"]),
        ('c', "cached", "c.txt", ["-c", "10", "-q", "200"]),
        ('m', "forwarded", "m.txt", ["-c", "10", "-q", "100", "-n", "1"]),
    ];

    public static async Task<int> RunAsync(CommandOptions options)
    {
        var rounds = Math.Clamp(options.Number("rounds", 3), 1, 50);
        var seconds = Math.Clamp(options.Number("seconds", 3), 1, 60);
        var phases = options.Text("phases") ?? "ketdcmr2";
        using var folder = new TemporaryFolder();
        Console.WriteLine("writing the cluster and its questions");
        var files = new ClusterFiles(folder.Path, options.Number("services", 5000));
        files.WriteClusterQuestions(200_000);
        files.WriteCachedQuestions(100_000);
        files.WriteFreshQuestions(1_500_000);
        TlsFiles.Write(folder.Path);
        var ports = PeerPorts.Take();
        var peers = new Peers(files, ports);
        var program = Path.GetFullPath(options.Text("server") ?? ServerPrograms.Published());
        MeasuredServer[] servers =
        [
            peers.ClusterDns("clusterdns", program, $"manifests {files.Manifests}"),
            .. options.Text("alone") is null ? Installed(peers.Knot(), peers.Nsd(), peers.Unbound()) : [],
        ];
        var table = new ResultTable();
        using var upstream = MeasuredProcess.Run(peers.Upstream(), folder.Path, LoadCore);
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var server in servers)
            {
                Console.WriteLine($"round {round} of {rounds}: {server.Name}");
                using var process = MeasuredProcess.Run(server.Command, folder.Path, ServerCore);
                await process.WaitForAnswerAsync(ports.Dns);
                await Task.Delay(TimeSpan.FromSeconds(2)); // as long as it takes to come to rest
                table.Add(server.Name, "start ms", process.Start.TotalMilliseconds);
                table.Add(server.Name, "idle MB", process.Memory().Now);
                foreach (var phase in Phases.Where(phase => phases.Contains(phase.Phase) && server.Phases.Contains(phase.Phase)))
                {
                    var port = phase.Phase == 'd' ? ports.Tls : ports.Dns;
                    await MeasureAsync(table, server, process, phase.Name, Path.Combine(folder.Path, phase.File), port, seconds, phase.Arguments);
                }

                if (phases.Contains('r') && server.Phases.Contains('r'))
                {
                    var paced = new PacedLoad(ports.Dns, Questions.Read(Path.Combine(folder.Path, "k.txt"), 50_000));
                    paced.Run(20_000, TimeSpan.FromSeconds(seconds));
                    table.Add(server.Name, "20k q/s: p50 us", paced.Percentile(.5));
                    table.Add(server.Name, "p99 us", paced.Percentile(.99));
                }

                table.Add(server.Name, "loaded MB", process.Memory().Now);
            }
        }

        Console.WriteLine($"\nprocessor microseconds a query, and of them in user mode; medians of {rounds} rounds\n");
        Console.WriteLine(table);
        if (phases.Contains('2'))
        {
            await ScaleWorkersAsync(peers, program, files, ports, seconds);
        }

        return 0;
    }

    private static async Task MeasureAsync(
        ResultTable table, MeasuredServer server, MeasuredProcess process, string name, string file, int port, int seconds, string[] arguments)
    {
        // Questions that are to be fresh must not be asked before.
        if (!arguments.Contains("-n"))
        {
            await Dnsperf.RunAsync(port, file, Warming, LoadCore, arguments);
        }

        var before = process.Processor();
        var run = await Dnsperf.RunAsync(port, file, seconds, LoadCore, arguments);
        var after = process.Processor();
        table.Add(server.Name, name, (after.Total - before.Total) / run.Completed * 1e6);
        table.Add(server.Name, name + ", user", (after.User - before.User) / run.Completed * 1e6);
    }

    /// <summary>
    /// Two workers against one. On a machine whose cores the load needs too, throughput says nothing; what both spend on the same
    /// rate of queries does: where a second worker costs nothing a query, two cores carry twice what one does.
    /// </summary>
    private static async Task ScaleWorkersAsync(Peers peers, string program, ClusterFiles files, PeerPorts ports, int seconds)
    {
        var cost = new double[3];
        for (var workers = 1; workers <= 2; workers++)
        {
            var server = peers.ClusterDns($"workers{workers}", program, $"manifests {files.Manifests}", $"multisocket {workers}", isServingTls: false);
            using var process = MeasuredProcess.Run(server.Command, files.Folder, "0-1");
            await process.WaitForAnswerAsync(ports.Dns);
            var before = process.Processor();
            var run = await Dnsperf.RunAsync(ports.Dns, Path.Combine(files.Folder, "k.txt"), seconds, "0-1", "-c", "40", "-q", "200");
            cost[workers] = (process.Processor().Total - before.Total) / run.Completed * 1e6;
        }

        Console.WriteLine($"processor us a query with one worker {cost[1]:F2}, with two {cost[2]:F2}: two carry {2 * cost[1] / cost[2]:F2} times one");
    }

    private static IEnumerable<MeasuredServer> Installed(params MeasuredServer[] servers)
    {
        foreach (var server in servers)
        {
            using var which = Process.Start(new ProcessStartInfo("sh", ["-c", $"command -v {server.Command[0]}"]) { RedirectStandardOutput = true })!; // a shell always starts
            which.WaitForExit();
            if (which.ExitCode == 0)
            {
                yield return server;
            }
            else
            {
                Console.WriteLine($"{server.Name} is not installed and left out (Debian: apt-get install knot nsd unbound dnsperf)");
            }
        }
    }
}
