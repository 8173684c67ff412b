using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Forward;

/// <summary>One upstream: its channels, its health, its metrics.</summary>
internal sealed class Upstream : IDisposable
{
    private static readonly TimeSpan SoonestHedge = TimeSpan.FromMilliseconds(30);

    private readonly IUpstreamChannel _udp;
    private readonly IUpstreamChannel _tcp;

    public Upstream(UpstreamAddress address, ForwardOptions options, ForwardMetrics metrics, ServerServices services, SweepTimer timer, UpstreamLimits limits)
    {
        Address = address;
        Label = address.EndPoint.ToString();
        MetadataValue = _ => Label;
        Metrics = new UpstreamMetrics(metrics, Label);
        Latency = new UpstreamLatency(
            services.Time.ToTimestamps(SoonestHedge), services.Time.ToTimestamps(options.ReadTimeout / 4));
        Proof = options.NeedsProof && address.Protocol is UpstreamProtocol.Dns ? new UpstreamProof(options, services.Random) : null;
        var settings = new ChannelSettings(
            address.EndPoint,
            options.SourceAddress,
            options.MaxIdleConnections,
            services.Time.ToTimestamps(options.Expire),
            options.MaxAge == TimeSpan.Zero ? long.MaxValue : services.Time.ToTimestamps(options.MaxAge),
            services.Time,
            services.Random,
            timer,
            limits);
        _tcp = UpstreamChannels.CreateStream(address, options, settings, Metrics);
        _udp = address.Protocol is UpstreamProtocol.Dns ? UpstreamChannels.CreateDatagram(settings, Metrics) : _tcp;
        timer.Add(_tcp);
        if (!ReferenceEquals(_udp, _tcp))
        {
            timer.Add(_udp);
        }

        Health = new UpstreamHealth(options, options.ForceTcp ? _tcp : _udp, services.Time, Metrics.HealthcheckFailures);
    }

    public UpstreamAddress Address { get; }

    /// <summary>Address and port, as metrics and logs name the upstream.</summary>
    public string Label { get; }

    /// <summary>The label as a value for <see cref="MetadataValues"/>.</summary>
    public Func<QueryContext, string> MetadataValue { get; }

    public UpstreamMetrics Metrics { get; }

    public UpstreamHealth Health { get; }

    public UpstreamLatency Latency { get; }

    /// <summary>What replies over UDP have to repeat; null: nothing beyond id and question.</summary>
    public UpstreamProof? Proof { get; }

    /// <summary>True where a truncated answer may come, which TCP would not have.</summary>
    public bool HasDatagrams => !ReferenceEquals(_udp, _tcp);

    /// <summary>Sends the exchange's message; the result comes from what its <see cref="Exchange.Begin"/> gave.</summary>
    public void Send(Exchange exchange, bool overTcp) => (overTcp ? _tcp : _udp).Send(exchange);

    public void Dispose()
    {
        Health.Dispose();
        _udp.Dispose();
        _tcp.Dispose();
    }
}
