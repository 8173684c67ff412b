using ClusterDns.Core.Telemetry;

namespace ClusterDns.Plugins.Forward;

/// <summary>
/// Whether an upstream is up. Nothing is probed while all is well: an error of a query starts probing, which goes on until
/// a probe is answered.
/// </summary>
internal sealed class UpstreamHealth(ForwardOptions options, IUpstreamChannel channel, TimeProvider time, Lazy<Counter> failures) : IDisposable
{
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private int _fails;
    private int _probing;

    /// <summary>True where queries should go elsewhere.</summary>
    public bool IsDown => options.MaxFails > 0 && Volatile.Read(ref _fails) > options.MaxFails;

    /// <summary>True from an error of a query until a probe is answered: queries go elsewhere first.</summary>
    public bool IsSuspect => Volatile.Read(ref _probing) != 0;

    /// <summary>A query met an error: find out whether it is the upstream.</summary>
    public void Suspect()
    {
        if (options.MaxFails > 0 && Interlocked.Exchange(ref _probing, 1) == 0)
        {
            _ = ProbeUntilAnsweredAsync();
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task ProbeUntilAnsweredAsync()
    {
        // Off the thread of the query that failed: it has another upstream to try.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var exchange = new Exchange();
        try
        {
            var token = _stop.Token;
            while (!token.IsCancellationRequested)
            {
                UpstreamQueryWriter.WriteProbe(options.HealthName, options.HealthRecursion, exchange);
                exchange.Deadline = time.GetTimestamp() + time.ToTimestamps(ProbeTimeout);
                var running = exchange.Begin();
                channel.Send(exchange);
                var status = await running;
                if (status is ExchangeStatus.Replied)
                {
                    Volatile.Write(ref _fails, 0);
                    return;
                }

                exchange.NeedsNewConnection = status is ExchangeStatus.StaleConnection;
                if (!exchange.NeedsNewConnection)
                {
                    Interlocked.Increment(ref _fails);
                    failures.Value.Increment();
                    await Task.Delay(options.HealthInterval, time, token);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // The server block is gone.
        }
        finally
        {
            Volatile.Write(ref _probing, 0);
        }
    }
}
