using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using ClusterDns.Benchmarks.Cluster;
using ClusterDns.Benchmarks.Comparison;

namespace ClusterDns.Benchmarks.Gate;

/// <summary>
/// Counts the instructions of the native server under valgrind's cachegrind, for its start and for each query, and fails where
/// they are more than what is written down: counts repeat from run to run and from machine to machine, times do not.
/// </summary>
internal static partial class GateCommand
{
    private const int Services = 1000;
    private const int Warm = 5_000;
    private const int Counted = 20_000;
    private const int Window = 32;
    private const int Attempts = 3;

    public static async Task<int> RunAsync(CommandOptions options)
    {
        var program = Path.GetFullPath(options.Text("server") ?? ServerPrograms.Published());
        using var folder = new TemporaryFolder();
        var files = new ClusterFiles(folder.Path, Services);
        var questions = Questions.Read(files.WriteClusterQuestions(Warm + Counted), Warm + Counted);
        var figures = JsonSerializer.Deserialize<Dictionary<string, GateFigure>>(
            await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Gate", "figures.json")))!; // the file holds an object
        var least = await MeasureAsync(program, files, questions);

        // Who has to wait for a core can only have more to do: what is too much is counted again, and the least stands.
        for (var attempt = 1; attempt < Attempts && least.Any(one => one.Value > figures[one.Key].Limit); attempt++)
        {
            var again = await MeasureAsync(program, files, questions);
            least = least.ToDictionary(static one => one.Key, one => Math.Min(one.Value, again[one.Key]));
        }

        foreach (var (name, value) in least)
        {
            var figure = figures[name];
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: {value:F0}, written down {figure.Count:F0}, at most {figure.Limit:F0}{(value > figure.Limit ? " FAILED" : "")}"));
        }

        return least.Any(one => one.Value > figures[one.Key].Limit) ? 1 : 0;
    }

    private static async Task<Dictionary<string, double>> MeasureAsync(string program, ClusterFiles files, byte[][] questions)
    {
        var start = await CountAsync(program, files, []);
        var warm = await CountAsync(program, files, questions[..Warm]);
        var all = await CountAsync(program, files, questions);
        return new(StringComparer.Ordinal)
        {
            ["instructions a query"] = (double)(all - warm) / Counted,
            ["millions of instructions to start"] = start / 1e6,
        };
    }

    private static async Task<long> CountAsync(string program, ClusterFiles files, byte[][] questions)
    {
        var ports = PeerPorts.Take();
        var server = new Peers(files, ports).ClusterDns(
            "gate", program, $"manifests {files.Manifests}", "health 127.0.0.1:0 {\n lameduck 0s\n}", isServingTls: false);
        var report = Path.Combine(files.Folder, "cachegrind.txt");
        File.Delete(report);
        using (var process = MeasuredProcess.Run(
            ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null", $"--log-file={report}", .. server.Command],
            files.Folder,
            "0-1"))
        {
            await process.WaitForAnswerAsync(ports.Dns);
            Ask(ports.Dns, questions);
        }

        return Total().Match(await File.ReadAllTextAsync(report)) is { Success: true } total
            ? long.Parse(total.Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture)
            : throw new BenchmarkException("valgrind has counted nothing (Debian: apt-get install valgrind)");
    }

    // In windows of one batch, each answered before the next is asked, so that nothing is lost and batches are alike.
    private static void Ask(int port, byte[][] questions)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 5000 };
        socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
        var answer = new byte[4096];
        foreach (var window in questions.Chunk(Window))
        {
            foreach (var question in window)
            {
                socket.Send(question);
            }

            foreach (var _ in window)
            {
                socket.Receive(answer);
            }
        }
    }

    [GeneratedRegex(@"I\s+refs:\s+([\d,]+)")]
    private static partial Regex Total();
}
