using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace ClusterDns.UnitTests.Plugins.Secondary;

/// <summary>Faked time that tells of every timer that is set, so that a test advances it when something waits, and not before.</summary>
internal sealed class TimerWatch : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero)
        {
            _timers.Writer.TryWrite(dueTime);
        }

        return timer;
    }

    /// <summary>The next wait that begins.</summary>
    public ValueTask<TimeSpan> NextAsync(CancellationToken token) => _timers.Reader.ReadAsync(token);
}
