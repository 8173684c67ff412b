namespace ClusterDns.Plugins.Trace;

/// <summary>What kind of collector gets the spans.</summary>
internal enum TraceEndpoint
{
    Zipkin,
    Datadog,

    /// <summary>OpenTelemetry's own protocol; as an endpoint, over HTTP.</summary>
    Otlp,
}
