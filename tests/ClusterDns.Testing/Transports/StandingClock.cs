namespace ClusterDns.Testing.Transports;

/// <summary>A clock that stands at the moment it was made: no time-out ends what a busy machine does slowly.</summary>
internal sealed class StandingClock : TimeProvider
{
    private readonly DateTimeOffset _now = System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => _now;

    // Not zero, which stands for "never" in places.
    public override long GetTimestamp() => 1;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Stopped();

    private sealed class Stopped : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
