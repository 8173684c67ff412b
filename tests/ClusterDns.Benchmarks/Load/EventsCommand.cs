using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ClusterDns.Benchmarks.Cluster;
using ClusterDns.Benchmarks.Comparison;

namespace ClusterDns.Benchmarks.Load;

/// <summary>
/// A storm: endpoint changes at a steady rate from the API, queries at a steady rate from clients, both at once on one core; and
/// beside them one Service whose change is asked for until the answer has it.
/// </summary>
internal static class EventsCommand
{
    private const int ChangesAWrite = 100;

    public static async Task<int> RunAsync(CommandOptions options)
    {
        var rate = Math.Clamp(options.Number("changes", 10_000), 100, 1_000_000);
        var queries = Math.Clamp(options.Number("queries", 20_000), 1, 1_000_000);
        var time = TimeSpan.FromSeconds(Math.Clamp(options.Number("seconds", 5), 1, 60));
        using var folder = new TemporaryFolder();
        var files = new ClusterFiles(folder.Path, options.Number("services", 5000));
        var questions = Questions.Read(files.WriteClusterQuestions(50_000), 50_000);
        using var api = new WatchDouble(files);
        var ports = PeerPorts.Take();
        var server = new Peers(files, ports).ClusterDns(
            "events", Path.GetFullPath(options.Text("server") ?? ServerPrograms.Published()), $"endpoint {api.Url}", isServingTls: false);
        using var process = MeasuredProcess.Run(server.Command, folder.Path, "0");
        await process.WaitForAnswerAsync(ports.Dns);
        Console.WriteLine($"started from the API in {process.Start.TotalMilliseconds:F0} ms with {files.Services} Services, {process.Memory().Now:F0} MB");
        for (var wait = 0; !api.IsWatched && wait < 500; wait++)
        {
            await Task.Delay(10);
        }

        var paced = new PacedLoad(ports.Dns, questions);
        var before = process.Processor();
        var load = Task.Factory.StartNew(() => paced.Run(queries, time), TaskCreationOptions.LongRunning);
        var (sent, latencies) = await ChangeAsync(api, files, rate, time, ports.Dns);
        await load;
        var used = process.Processor().Total - before.Total;
        latencies.Sort();
        Console.WriteLine($"{sent / time.TotalSeconds:F0} changes a second sent; {paced.Answered} of {paced.Asked} queries answered, p99 {paced.Percentile(.99):F0} us");
        Console.WriteLine($"processor: {used / time.TotalSeconds:P0} of one core; {process.Memory().Now:F0} MB, at most {process.Memory().Most:F0} MB");
        Console.WriteLine($"change to answer: {latencies.Count} seen, p50 {latencies[latencies.Count / 2]:F1} ms, p99 {latencies[(int)(latencies.Count * .99)]:F1} ms");
        return 0;
    }

    // The last change of a write is the one that is waited for: all before it are in when it is.
    private static async Task<(int Sent, List<double> Latencies)> ChangeAsync(
        WatchDouble api, ClusterFiles files, int rate, TimeSpan time, int port)
    {
        var latencies = new List<double>();
        var begun = Stopwatch.GetTimestamp();
        var sent = 0;
        var next = 0;
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 1000 };
        socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
        for (var write = 1; Stopwatch.GetElapsedTime(begun) < time; write++)
        {
            // More than one write where the pace asks for it.
            var due = (int)(Stopwatch.GetElapsedTime(begun).TotalSeconds * rate) + ChangesAWrite - sent;
            if (due < ChangesAWrite)
            {
                await Task.Delay(1);
                continue;
            }

            var shift = 1 + (write & 15);
            var changed = Stopwatch.GetTimestamp();
            await api.ChangeAsync(next, due, shift);
            sent += due;
            next = (next + due) % files.Headless;
            var last = (next + files.Headless - 1) % files.Headless;
            if (await WaitForAsync(socket, last, shift))
            {
                latencies.Add(Stopwatch.GetElapsedTime(changed).TotalMilliseconds);
            }
        }

        return (sent, latencies.Count > 0 ? latencies : throw new BenchmarkException("no change was seen in an answer"));
    }

    private static async Task<bool> WaitForAsync(Socket socket, int headless, int shift)
    {
        var question = Questions.Encode(ClusterFiles.HeadlessName(headless) + " A", 7);
        byte[] wanted = [10, (byte)(64 + (shift & 31)), (byte)(headless >> 8), (byte)headless];
        var answer = new byte[4096];
        for (var attempt = 0; attempt < 2000; attempt++)
        {
            await socket.SendAsync(question);
            var length = await socket.ReceiveAsync(answer);
            if (answer.AsSpan(0, length).IndexOf(wanted) >= 0)
            {
                return true;
            }
        }

        return false;
    }
}
