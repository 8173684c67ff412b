using System.Diagnostics;
using System.Globalization;
using ClusterDns.Benchmarks.Cluster;
using ClusterDns.Benchmarks.Comparison;
using ClusterDns.Benchmarks.Load;

namespace ClusterDns.Benchmarks.Relist;

/// <summary>
/// What the process takes at most while everything is listed anew after a 410, beside what it takes at rest: streamed and in
/// pages, where nothing has changed meanwhile and where every object has another version.
/// </summary>
internal static class RelistCommand
{
    private const int Collections = 3; // namespaces, services, endpointslices
    private const int Rounds = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    // Longer than the server waits until it gives memory back.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(11);

    public static async Task<int> RunAsync(CommandOptions options)
    {
        var program = Path.GetFullPath(options.Text("server") ?? ServerPrograms.Published());
        int[] sizes = options.Text("services") is null ? [10_000, 100_000] : [options.Number("services", 0)];
        Console.WriteLine("| Services | lists | at rest MB | at most, nothing changed | times | at most, all changed | times |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
        foreach (var services in sizes)
        {
            foreach (var isPaged in (bool[])[false, true])
            {
                await MeasureAsync(program, Math.Clamp(services, 100, 1_000_000), isPaged);
            }
        }

        return 0;
    }

    private static async Task MeasureAsync(string program, int services, bool isPaged)
    {
        using var folder = new TemporaryFolder();
        var files = new ClusterFiles(folder.Path, services);
        using var api = new WatchDouble(files, isPaged: isPaged);
        var ports = PeerPorts.Take();
        using var server = MeasuredProcess.Run(
            new Peers(files, ports).ClusterDns("relist", program, $"endpoint {api.Url}", isServingTls: false).Command, folder.Path, "0");
        await server.WaitForAnswerAsync(ports.Dns);
        await WaitForListsAsync(api, Collections);
        await Task.Delay(Rest);
        var steady = server.Memory().Now;
        var same = await RelistAsync(server, api, changed: false);
        var changed = await RelistAsync(server, api, changed: true);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {services} | {(isPaged ? "paged" : "streamed")} | {steady:F1} | {same:F1} | {same / steady:F2} | {changed:F1} | {changed / steady:F2} |"));
    }

    /// <summary>Megabytes at most, the worst of several.</summary>
    private static async Task<double> RelistAsync(MeasuredProcess server, WatchDouble api, bool changed)
    {
        double most = 0;
        for (var round = 0; round < Rounds; round++)
        {
            server.ForgetPeak();
            var lists = api.Lists;
            await api.ExpireAsync(changed);
            await WaitForListsAsync(api, lists + Collections);
            await Task.Delay(Rest);
            most = Math.Max(most, server.Memory().Most);
        }

        return most;
    }

    private static async Task WaitForListsAsync(WatchDouble api, int lists)
    {
        for (var begun = Stopwatch.GetTimestamp(); api.Lists < lists; await Task.Delay(20))
        {
            if (Stopwatch.GetElapsedTime(begun) > Patience)
            {
                throw new BenchmarkException($"{api.Lists} lists were asked for, expected {lists}");
            }
        }
    }
}
