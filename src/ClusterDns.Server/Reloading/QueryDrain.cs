using ClusterDns.Plugins.Health;
using ClusterDns.Server.Transports;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Server.Reloading;

/// <summary>
/// Keeps a process that is to end answering for as long as it is still asked: clients and load balancers learn late that it
/// goes away, and only they know when they have.
/// </summary>
internal sealed partial class QueryDrain(IReadOnlyList<ITransport> transports, DrainOptions options, TimeProvider time, ILogger logger)
{
    private readonly long _begun = time.GetTimestamp();

    /// <summary>Ends when no query has come for the quiet period, those before this call counted, or at the bound.</summary>
    /// <returns>False: queries still came at the bound.</returns>
    public async Task<bool> WaitAsync(CancellationToken cancel)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            var missing = Missing();
            if (missing <= TimeSpan.Zero)
            {
                return true;
            }

            var left = options.Longest - time.GetElapsedTime(_begun);
            if (left <= TimeSpan.Zero)
            {
                LogStillAsked(options.Longest.TotalSeconds);
                return false;
            }

            if (isFirst)
            {
                LogDraining(options.Quiet.TotalSeconds, options.Longest.TotalSeconds);
            }

            await Task.Delay(missing < left ? missing : left, time, cancel);
        }
    }

    // What the quiet period still lacks.
    private TimeSpan Missing()
    {
        var last = transports.Max(static transport => (long?)transport.LastQuery) ?? 0;
        return last == 0 ? TimeSpan.Zero : options.Quiet - time.GetElapsedTime(last);
    }

    [LoggerMessage(2350, LogLevel.Information, "Draining: answering until no query has come for {Quiet} s, at most for {Longest} s")]
    private partial void LogDraining(double quiet, double longest);

    [LoggerMessage(2351, LogLevel.Warning, "Draining: still asked after {Longest} s, ending nonetheless")]
    private partial void LogStillAsked(double longest);
}
