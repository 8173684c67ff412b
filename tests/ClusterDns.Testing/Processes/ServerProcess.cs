using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace ClusterDns.Testing.Processes;

/// <summary>The server as a process: started, watched, signalled and ended; both its outputs are kept.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private ServerProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Standard output and standard error so far, lines in the order they arrived.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public static ServerProcess Start(
        string path, string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        ProcessStartInfo start = new(path, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        ServerProcess server = new(new Process { StartInfo = start });
        server._process.OutputDataReceived += (_, line) => server.Keep(line.Data);
        server._process.ErrorDataReceived += (_, line) => server.Keep(line.Data);
        server._process.Start();
        server._process.StandardInput.Close();
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        return server;
    }

    /// <summary>Waits until <paramref name="isTrue"/> holds, the process ends or the time is over.</summary>
    public async Task<bool> WaitUntilAsync(Func<Task<bool>> isTrue, TimeSpan limit)
    {
        long start = Stopwatch.GetTimestamp();
        while (!HasExited && Stopwatch.GetElapsedTime(start) < limit)
        {
            if (await isTrue())
            {
                return true;
            }

            await Task.Delay(Poll);
        }

        return false;
    }

    /// <summary>Whether something accepts connections at the port of 127.0.0.1.</summary>
    public static async Task<bool> ListensAsync(int port)
    {
        using TcpClient client = new();
        try
        {
            await client.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Sends a signal by its name without SIG, e.g. <c>USR1</c>.</summary>
    public async Task SignalAsync(string name)
    {
        using Process kill = Process.Start("kill", ["-" + name, $"{Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits for the end and for the last line of output; false when the process still runs after the limit.</summary>
    public async Task<bool> WaitForExitAsync(TimeSpan limit)
    {
        using CancellationTokenSource timeout = new(limit);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Ends the process at once: how it says goodbye is tested where that is the subject.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await WaitForExitAsync(Patience.Limit);
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            lock (_output)
            {
                _output.Append(line).Append('\n');
            }
        }
    }
}
