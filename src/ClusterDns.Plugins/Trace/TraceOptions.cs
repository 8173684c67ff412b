namespace ClusterDns.Plugins.Trace;

/// <summary>A <c>trace</c> directive, read.</summary>
/// <param name="Address">Null: the kind's own default, or what OpenTelemetry's variables say.</param>
/// <param name="Every">One query of so many is traced; 0: none.</param>
/// <param name="SharesSpans">A caller's span and the query's are one, told by two sides (Zipkin alone knows that).</param>
/// <param name="AnalyticsRate">Share of the traces that Datadog is to analyse; null: not said.</param>
/// <param name="Backlog">Spans that wait at most; the newest are dropped beyond.</param>
/// <param name="BatchSize">Spans sent at once at most.</param>
internal sealed record TraceOptions(
    TraceEndpoint Endpoint,
    Uri? Address,
    ulong Every,
    string Service,
    bool SharesSpans,
    double? AnalyticsRate,
    int Backlog,
    int BatchSize,
    TimeSpan BatchInterval);
