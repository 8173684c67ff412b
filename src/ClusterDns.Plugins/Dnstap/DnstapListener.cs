using System.Net.Sockets;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Dnstap;

/// <summary>Waits for those who want the messages; each gets all of them from when it came, as fast as it takes them.</summary>
internal sealed class DnstapListener(DnstapOptions options, ServerServices services) : IDnstapOutput
{
    private const int Backlog = 16;
    private const int MaxClients = 16;

    // Socket options have no portable name for SO_REUSEPORT, which lets a reload listen beside the plan before.
    private const int LinuxSocketLevel = 1;
    private const int LinuxReusePort = 15;

    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(1);

    private readonly DnstapLog _log = new(options.Endpoint.Text, services);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private volatile DnstapQueue[] _queues = [];
    private readonly List<Task> _running = [];
    private Socket? _socket;
    private ITimer? _reports;

    public bool IsWanted => _queues.Length > 0;

    public void Send(ReadOnlySpan<byte> frame)
    {
        foreach (var queue in _queues)
        {
            queue.Add(frame);
        }
    }

    public void Start()
    {
        var socket = options.Endpoint.CreateSocket();
        try
        {
            if (options.Endpoint.Path is { } path)
            {
                // Left behind by an earlier process, or in use by the plan before, which keeps its connections.
                File.Delete(path);
            }
            else if (OperatingSystem.IsLinux())
            {
                socket.SetRawSocketOption(LinuxSocketLevel, LinuxReusePort, [1, 0, 0, 0]);
            }

            socket.Bind(options.Endpoint.ToEndPoint(listens: true));
            socket.Listen(Backlog);
        }
        catch (Exception exception) when (exception is SocketException or UnauthorizedAccessException or ArgumentException)
        {
            socket.Dispose();
            throw new IOException($"dnstap: cannot listen on {options.Endpoint.Text}: {exception.Message}", exception);
        }

        _socket = socket;
        _reports = services.Time.CreateTimer(_ => Report(), null, DnstapLog.Interval, DnstapLog.Interval);
        Run(AcceptAsync(socket));
    }

    public async ValueTask StopAsync()
    {
        Task[] running;
        lock (_gate)
        {
            running = [.. _running];
        }

        Array.ForEach(_queues, static queue => queue.Complete());
        await Task.WhenAny(Task.WhenAll(running.Skip(1)), Task.Delay(StopWithin, services.Time));
        await _stop.CancelAsync();
        _socket?.Dispose();
        await Task.WhenAll(running);
        if (_reports is not null)
        {
            await _reports.DisposeAsync();
        }

        Report();
        _stop.Dispose();
    }

    private void Run(Task task)
    {
        lock (_gate)
        {
            // The first is the one that accepts; the others are clients.
            _running.RemoveAll(other => other.IsCompleted && other != _running[0]);
            _running.Add(task);
        }
    }

    private async Task AcceptAsync(Socket socket)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await socket.AcceptAsync(_stop.Token);
                if (_queues.Length >= MaxClients)
                {
                    client.Dispose();
                    continue;
                }

                Run(ServeAsync(client));
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // That client gave up.
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        // Its place is taken from here on, so that those who shake no hands are bounded as well.
        var queue = new DnstapQueue(options.Queue);
        Change(queues => [.. queues, queue]);
        try
        {
            var (stream, frames) = await DnstapConnection.OpenAsync(client, options, services.Time, _stop.Token);
            await using (stream)
            {
                await DnstapConnection.PumpAsync(frames, queue, services.Time, _stop.Token);
            }
        }
        catch (Exception exception) when (DnstapConnection.IsEnd(exception))
        {
            // Clients leave as they like.
        }
        finally
        {
            Change(queues => [.. queues.Where(other => other != queue)]);
            _log.Dropped(queue.TakeDropped());
        }
    }

    private void Change(Func<DnstapQueue[], DnstapQueue[]> change)
    {
        lock (_gate)
        {
            _queues = change(_queues);
        }
    }

    private void Report() => _log.Dropped(_queues.Sum(static queue => queue.TakeDropped()));
}
