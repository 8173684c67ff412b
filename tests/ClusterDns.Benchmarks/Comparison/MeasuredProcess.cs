using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ClusterDns.Benchmarks.Cluster;

namespace ClusterDns.Benchmarks.Comparison;

/// <summary>A server process on given cores: when it first answered, what it has used so far.</summary>
internal sealed class MeasuredProcess : IDisposable
{
    private const double TicksPerSecond = 100; // USER_HZ
    private const string Output = "output.log";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Process _process;

    private MeasuredProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>From starting it to its first answer.</summary>
    public TimeSpan Start { get; private set; }

    /// <summary>Processor time of all its threads until its first answer, those that have ended included.</summary>
    public TimeSpan ProcessorAtAnswer { get; private set; }

    /// <param name="cores">As taskset takes them.</param>
    public static MeasuredProcess Run(string[] command, string folder, string cores)
    {
        // The shell is replaced by what it starts; outputs go to a file, so that no pipe fills.
        var start = new ProcessStartInfo("sh", ["-c", "exec taskset -c \"$0\" \"$@\" >>" + Output + " 2>&1", cores, .. command])
        {
            WorkingDirectory = folder,
        };
        var begun = Stopwatch.GetTimestamp();
        return new MeasuredProcess(Process.Start(start)!) { Start = Stopwatch.GetElapsedTime(begun) }; // a shell always starts
    }

    /// <summary>Asks for a Service until there is an answer.</summary>
    public async Task WaitForAnswerAsync(int port)
    {
        var begun = Stopwatch.GetTimestamp();
        var question = Questions.Encode(ClusterFiles.ServiceName(7) + " A", 0x1234);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
        var answer = new byte[1500];
        while (Stopwatch.GetElapsedTime(begun) < Patience && !_process.HasExited)
        {
            using var limit = new CancellationTokenSource(20);
            try
            {
                await socket.SendAsync(question, limit.Token);
                var length = await socket.ReceiveAsync(answer, limit.Token);
                if (length > 12 && (answer[3] & 15) == 0 && answer[7] > 0)
                {
                    Start += Stopwatch.GetElapsedTime(begun);
                    ProcessorAtAnswer = ProcessorClock.Read(Id);
                    return;
                }
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                // Not yet there.
            }

            await Task.Delay(1);
        }

        var output = Path.Combine(_process.StartInfo.WorkingDirectory, Output);
        var last = File.Exists(output) ? File.ReadLines(output).LastOrDefault() : null;
        throw new BenchmarkException($"{_process.StartInfo.ArgumentList[3]} does not answer: {last}");
    }

    /// <summary>Processor seconds of all its threads and children so far, and the part of them in user mode.</summary>
    public (double Total, double User) Processor()
    {
        double total = 0;
        double user = 0;
        double system = 0;
        foreach (var id in Tree(Id))
        {
            var fields = File.ReadAllText($"/proc/{id}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            user += Number(fields[11]) / TicksPerSecond;
            system += Number(fields[12]) / TicksPerSecond;
            foreach (var task in Directory.EnumerateDirectories($"/proc/{id}/task"))
            {
                total += Number(File.ReadAllText(task + "/schedstat").Split(' ')[0]) / 1e9;
            }
        }

        // The scheduler's sum is exact; the two kinds are sampled.
        return (total, total * user / Math.Max(user + system, 1e-9));
    }

    /// <summary>Resident megabytes now, and at most so far.</summary>
    public (double Now, double Most) Memory()
    {
        double now = 0;
        double most = 0;
        foreach (var line in Tree(Id).SelectMany(id => File.ReadLines($"/proc/{id}/status")))
        {
            now += line.StartsWith("VmRSS", StringComparison.Ordinal) ? Number(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]) : 0;
            most += line.StartsWith("VmHWM", StringComparison.Ordinal) ? Number(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]) : 0;
        }

        return (now / 1024, most / 1024);
    }

    /// <summary>From here on "at most so far" counts anew.</summary>
    public void ForgetPeak()
    {
        foreach (var id in Tree(Id))
        {
            File.WriteAllText($"/proc/{id}/clear_refs", "5"); // proc(5): resets the peak to what is resident now
        }
    }

    /// <summary>Asks it to end, and ends it when it takes too long.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", [$"{Id}"]);
            kill.WaitForExit();
            if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        _process.Dispose();
    }

    private static List<int> Tree(int id)
    {
        var children = File.ReadAllText($"/proc/{id}/task/{id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return [id, .. children.SelectMany(child => Tree(int.Parse(child, CultureInfo.InvariantCulture)))];
    }

    private static double Number(string text) => double.Parse(text.Split('\t')[^1], CultureInfo.InvariantCulture);
}
