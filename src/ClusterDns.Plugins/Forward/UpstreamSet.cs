using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Forward;

/// <summary>The upstreams of one <c>forward</c> line and what they share.</summary>
internal sealed class UpstreamSet : IDisposable
{
    // Hedges are looked for each twentieth of this.
    private static readonly TimeSpan HedgeTimeout = TimeSpan.FromMilliseconds(400);

    private readonly Upstream[] _upstreams;
    // Of so many queries one looks whether the slower upstreams have become faster.
    private const int Explorations = 32;

    private readonly SweepTimer _timer;
    private readonly IRandomSource _random;
    private uint _turn;

    public UpstreamSet(ForwardOptions options, ForwardMetrics metrics, ServerServices services)
    {
        Options = options;
        Metrics = metrics;
        TooManyText = $"concurrent queries exceeded maximum {options.MaxConcurrent}";
        _random = services.Random;
        Limits = new UpstreamLimits(services.Metrics);
        InFlight = new InFlightQueries(Limits.Followers);
        _timer = new SweepTimer(services.Time, options.Hedges ? HedgeTimeout : options.ReadTimeout);
        _upstreams = [.. options.Upstreams.Select(address => new Upstream(address, options, metrics, services, _timer, Limits))];
    }

    public ForwardOptions Options { get; }

    public ForwardMetrics Metrics { get; }

    public UpstreamLimits Limits { get; }

    public InFlightQueries InFlight { get; }

    public ExchangePool Exchanges { get; } = new();

    public string TooManyText { get; }

    /// <summary>Who wants to know of every attempt; null: nobody. Set at start-up.</summary>
    public UpstreamTaps? Taps { get; set; }

    public int Count => _upstreams.Length;

    public Upstream this[int index] => _upstreams[index];

    /// <summary>The order in which the next query tries the upstreams.</summary>
    public UpstreamOrder Order()
    {
        // The first query starts at the second upstream, as CoreDNS has it.
        var turn = Options.Policy is UpstreamPolicy.RoundRobin ? (int)(Interlocked.Increment(ref _turn) % (uint)Count) : 0;
        var order = UpstreamOrder.Create(Options.Policy, Count, turn, _random);
        if (Options.Policy is UpstreamPolicy.Fastest && Count > 1 && _random.Next(Explorations) != 0
            && _upstreams[order[1]].Latency.Mean < _upstreams[order[0]].Latency.Mean)
        {
            order.Swap(0, 1);
        }

        PutSuspectsLast(ref order);
        return order;
    }

    /// <summary>One of them, for want of a healthy one.</summary>
    public Upstream Any() => _upstreams[_random.Next(Count)];

    private void PutSuspectsLast(ref UpstreamOrder order)
    {
        var trusted = 0;
        for (var index = 0; index < Count; index++)
        {
            if (!_upstreams[order[index]].Health.IsSuspect)
            {
                order.MoveForward(index, trusted++);
            }
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        foreach (var upstream in _upstreams)
        {
            upstream.Dispose();
        }
    }
}
