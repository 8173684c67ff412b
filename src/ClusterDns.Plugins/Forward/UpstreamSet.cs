using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Forward;

/// <summary>The upstreams of one <c>forward</c> line and what they share.</summary>
internal sealed class UpstreamSet : IDisposable
{
    private readonly Upstream[] _upstreams;
    private readonly SweepTimer _timer;
    private readonly IRandomSource _random;
    private uint _turn;

    public UpstreamSet(ForwardOptions options, ForwardMetrics metrics, ServerServices services)
    {
        Options = options;
        Metrics = metrics;
        TooManyText = $"concurrent queries exceeded maximum {options.MaxConcurrent}";
        _random = services.Random;
        _timer = new SweepTimer(services.Time, options.ReadTimeout);
        _upstreams = [.. options.Upstreams.Select(address => new Upstream(address, options, metrics, services, _timer))];
    }

    public ForwardOptions Options { get; }

    public ForwardMetrics Metrics { get; }

    public ExchangePool Exchanges { get; } = new();

    public string TooManyText { get; }

    public int Count => _upstreams.Length;

    public Upstream this[int index] => _upstreams[index];

    /// <summary>The order in which the next query tries the upstreams.</summary>
    public UpstreamOrder Order()
    {
        // The first query starts at the second upstream, as CoreDNS has it.
        var turn = Options.Policy is UpstreamPolicy.RoundRobin ? (int)(Interlocked.Increment(ref _turn) % (uint)Count) : 0;
        return UpstreamOrder.Create(Options.Policy, Count, turn, _random);
    }

    /// <summary>One of them, for want of a healthy one.</summary>
    public Upstream Any() => _upstreams[_random.Next(Count)];

    public void Dispose()
    {
        _timer.Dispose();
        foreach (var upstream in _upstreams)
        {
            upstream.Dispose();
        }
    }
}
