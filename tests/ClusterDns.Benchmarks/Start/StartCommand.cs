using System.Globalization;
using ClusterDns.Benchmarks.Cluster;
using ClusterDns.Benchmarks.Comparison;
using ClusterDns.Benchmarks.Load;

namespace ClusterDns.Benchmarks.Start;

/// <summary>
/// From starting the process to the first answer for a Service: from manifests, from a snapshot whose API server is away, and
/// from the API; the native program and the one that is compiled while it runs.
/// </summary>
internal static class StartCommand
{
    public static async Task<int> RunAsync(CommandOptions options)
    {
        var services = Math.Clamp(options.Number("services", 5000), 100, 1_000_000);
        var runs = Math.Clamp(options.Number("runs", 7), 1, 100);
        var cores = options.Text("cores") ?? "0";
        using var folder = new TemporaryFolder();
        var files = new ClusterFiles(folder.Path, services);
        Console.WriteLine($"{services} Services and {files.Headless} headless ones, cores {cores}, medians of {runs} starts");
        Console.WriteLine("| program | source | first answer, ms | processor until then, ms | most MB |");
        Console.WriteLine("| --- | --- | --- | --- | --- |");
        foreach (var (name, program) in Programs(options))
        {
            foreach (var source in (options.Text("sources") ?? "manifests,snapshot,api").Split(','))
            {
                var (answer, processor, most) = await MeasureAsync(program, source, files, runs, cores);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"| {name} | {source} | {answer:F0} | {processor:F0} | {most:F0} |"));
            }
        }

        return 0;
    }

    private static IEnumerable<(string Name, string[] Program)> Programs(CommandOptions options)
    {
        var kinds = (options.Text("programs") ?? "native,jit").Split(',');
        if (kinds.Contains("native", StringComparer.Ordinal))
        {
            yield return ("native", [Path.GetFullPath(options.Text("server") ?? ServerPrograms.Published())]);
        }

        if (kinds.Contains("jit", StringComparer.Ordinal))
        {
            yield return ("jit", ["dotnet", Path.GetFullPath(options.Text("assembly") ?? ServerPrograms.Built())]);
        }
    }

    private static async Task<(double Answer, double Processor, double Most)> MeasureAsync(
        string[] program, string source, ClusterFiles files, int runs, string cores)
    {
        using var api = new WatchDouble(files, isPrepared: true);
        var snapshot = Path.Combine(files.Folder, "cluster.snapshot");
        var ports = PeerPorts.Take();
        var line = source switch
        {
            "manifests" => $"manifests {files.Manifests}",
            "api" => $"endpoint {api.Url}",
            "snapshot" => $"endpoint {api.Url}\n snapshot {snapshot}",
            _ => throw new BenchmarkException($"--sources: found '{source}', expected manifests, snapshot or api"),
        };
        var configured = new Peers(files, ports).ClusterDns(source, "", line, isServingTls: false).Command[1..];
        string[] command = [.. program, .. configured];
        if (source is "snapshot")
        {
            await WriteSnapshotAsync(command, files.Folder, ports.Dns, snapshot);
            api.Dispose();
        }

        List<double> answers = [];
        List<double> processors = [];
        List<double> most = [];

        // The first one finds nothing in the system's cache of files, and is left out.
        for (var run = 0; run <= runs; run++)
        {
            using var process = MeasuredProcess.Run(command, files.Folder, cores);
            await process.WaitForAnswerAsync(ports.Dns);
            if (run > 0)
            {
                answers.Add(process.Start.TotalMilliseconds);
                processors.Add(process.ProcessorAtAnswer.TotalMilliseconds);
                most.Add(process.Memory().Most);
            }
        }

        return (Median(answers), Median(processors), Median(most));
    }

    // It is written when the process ends at the latest.
    private static async Task WriteSnapshotAsync(string[] command, string folder, int port, string snapshot)
    {
        File.Delete(snapshot);
        using (var process = MeasuredProcess.Run(command, folder, "0-1"))
        {
            await process.WaitForAnswerAsync(port);
        }

        if (!File.Exists(snapshot))
        {
            throw new BenchmarkException("the server has ended without writing its snapshot");
        }
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
