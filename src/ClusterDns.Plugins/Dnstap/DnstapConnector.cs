using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Dnstap;

/// <summary>Goes to the one who wants the messages, and comes again when it was lost. What is in the queue waits for that.</summary>
internal sealed class DnstapConnector(DnstapOptions options, ServerServices services) : IDnstapOutput
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(1);

    private readonly DnstapQueue _queue = new(options.Queue);
    private readonly DnstapLog _log = new(options.Endpoint.Text, services);
    private readonly CancellationTokenSource _stop = new();
    private ITimer? _reports;
    private Task _running = Task.CompletedTask;

    public bool IsWanted => true;

    public void Send(ReadOnlySpan<byte> frame) => _queue.Add(frame);

    public void Start()
    {
        _reports = services.Time.CreateTimer(_ => _log.Dropped(_queue.TakeDropped()), null, DnstapLog.Interval, DnstapLog.Interval);
        _running = Task.Run(RunAsync);
    }

    public async ValueTask StopAsync()
    {
        _queue.Complete();
        await Task.WhenAny(_running, Task.Delay(StopWithin, services.Time));
        await _stop.CancelAsync();
        await _running;
        if (_reports is not null)
        {
            await _reports.DisposeAsync();
        }

        _log.Dropped(_queue.TakeDropped());
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await DnstapConnection.ConnectAsync(options, services.Time, _stop.Token);
                var (stream, frames) = await DnstapConnection.OpenAsync(socket, options, services.Time, _stop.Token);
                await using (stream)
                {
                    _log.Up();
                    await DnstapConnection.PumpAsync(frames, _queue, services.Time, _stop.Token);
                }

                return;
            }
            catch (Exception exception) when (DnstapConnection.IsEnd(exception))
            {
                _log.Down(exception is OperationCanceledException ? "it does not answer in time" : exception.Message);
            }

            try
            {
                await Task.Delay(RetryAfter, services.Time, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
