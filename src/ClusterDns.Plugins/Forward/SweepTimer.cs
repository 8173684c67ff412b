namespace ClusterDns.Plugins.Forward;

/// <summary>
/// The one timer of a forwarder. It looks after all channels: often while replies are awaited, each second while only idle
/// connections are left, not at all when there is nothing.
/// </summary>
internal sealed class SweepTimer : IDisposable
{
    private static readonly TimeSpan IdlePeriod = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly TimeSpan _busyPeriod;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly List<IUpstreamChannel> _channels = [];
    private volatile ChannelState _pace = ChannelState.Empty;
    private bool _disposed;

    /// <param name="timeout">The shortest time-out that will be seen to: failures come at most a twentieth of it late.</param>
    public SweepTimer(TimeProvider time, TimeSpan timeout)
    {
        _time = time;
        _busyPeriod = TimeSpan.FromMilliseconds(Math.Clamp(timeout.TotalMilliseconds / 20, 5, 100));
        _timer = time.CreateTimer(static state => ((SweepTimer)state!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Only while the forwarder is put together.</summary>
    public void Add(IUpstreamChannel channel) => _channels.Add(channel);

    /// <summary>To be called after an exchange began to wait; costs a read when others are waiting already.</summary>
    public void Wake()
    {
        if (_pace is not ChannelState.Busy)
        {
            SetPace(ChannelState.Busy);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _timer.Dispose();
        }
    }

    private void Sweep()
    {
        var state = SweepChannels();
        if (state == _pace)
        {
            return;
        }

        SetPace(state);

        // Something that began to wait between the look and the change of pace saw the old pace and did not wake us.
        if (state is not ChannelState.Busy && SweepChannels() > state)
        {
            SetPace(ChannelState.Busy);
        }
    }

    private ChannelState SweepChannels()
    {
        var now = _time.GetTimestamp();
        var state = ChannelState.Empty;
        foreach (var channel in _channels)
        {
            var one = channel.Sweep(now);
            state = one > state ? one : state;
        }

        return state;
    }

    private void SetPace(ChannelState pace)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _pace = pace;
            var period = pace switch
            {
                ChannelState.Busy => _busyPeriod,
                ChannelState.Idle => IdlePeriod,
                _ => Timeout.InfiniteTimeSpan,
            };
            _timer.Change(period, period);
        }
    }
}
