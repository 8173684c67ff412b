using System.Globalization;
using ClusterDns.Benchmarks.Cluster;
using ClusterDns.Benchmarks.Comparison;
using ClusterDns.Benchmarks.Load;

namespace ClusterDns.Benchmarks.Scale;

/// <summary>The same server over clusters that grow tenfold: what a query, a change, the start and the memory cost.</summary>
internal static class ScaleCommand
{
    private const int Changes = 20_000;

    public static async Task<int> RunAsync(CommandOptions options)
    {
        var most = Math.Clamp(options.Number("services", 100_000), 100, 1_000_000);
        var seconds = Math.Clamp(options.Number("seconds", 3), 1, 60);
        var program = Path.GetFullPath(options.Text("server") ?? ServerPrograms.Published());
        var points = new List<ScalePoint>();
        Console.WriteLine("| Services | us a query | us a change | start, manifests ms | start, API ms | idle MB | most MB | allowed MB |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- |");
        for (var services = 100; services <= most; services *= 10)
        {
            var point = await MeasureAsync(program, services, seconds);
            points.Add(point);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {point.Services} | {point.Query:F2} | {point.Change:F1} | {point.Manifests:F0} | {point.Api:F0} | {point.Idle:F0} | {point.Most:F0} | {point.Allowed:F0} |"));
        }

        if (options.Text("picture") is { } picture)
        {
            await File.WriteAllTextAsync(picture, ScaleChart.Draw(points));
            Console.WriteLine($"drawn to {picture}");
        }

        return 0;
    }

    private static async Task<ScalePoint> MeasureAsync(string program, int services, int seconds)
    {
        using var folder = new TemporaryFolder();
        var files = new ClusterFiles(folder.Path, services);
        var questions = files.WriteClusterQuestions(100_000);
        var ports = PeerPorts.Take();
        var peers = new Peers(files, ports);
        double manifests;
        using (var process = MeasuredProcess.Run(
            peers.ClusterDns("manifests", program, $"manifests {files.Manifests}", isServingTls: false).Command, folder.Path, "0"))
        {
            await process.WaitForAnswerAsync(ports.Dns);
            manifests = process.Start.TotalMilliseconds;
        }

        using var api = new WatchDouble(files);
        using var server = MeasuredProcess.Run(
            peers.ClusterDns("api", program, $"endpoint {api.Url}", isServingTls: false).Command, folder.Path, "0");
        await server.WaitForAnswerAsync(ports.Dns);
        for (var wait = 0; !api.IsWatched && wait < 2000; wait++)
        {
            await Task.Delay(10);
        }

        await Task.Delay(TimeSpan.FromSeconds(5)); // as long as it takes to come to rest
        var (idle, most) = server.Memory();
        await Dnsperf.RunAsync(ports.Dns, questions, 1, "1", "-c", "10", "-q", "200");
        var before = server.Processor().Total;
        var run = await Dnsperf.RunAsync(ports.Dns, questions, seconds, "1", "-c", "10", "-q", "200");
        var query = (server.Processor().Total - before) / run.Completed * 1e6;
        before = server.Processor().Total;
        for (var change = 0; change < Changes; change += 100)
        {
            await api.ChangeAsync(change, 100, 1 + (change / 100 & 15));
        }

        // Until nothing is left to work on.
        var after = server.Processor().Total;
        for (var last = before; after > last + 0.002; after = server.Processor().Total)
        {
            last = after;
            await Task.Delay(200);
        }

        return new ScalePoint(
            services, query, (after - before) / Changes * 1e6, manifests, server.Start.TotalMilliseconds, idle, most);
    }
}
