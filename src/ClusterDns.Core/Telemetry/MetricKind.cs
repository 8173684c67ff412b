namespace ClusterDns.Core.Telemetry;

/// <summary>Kinds of metrics in Prometheus' text format.</summary>
public enum MetricKind : byte
{
    Counter,
    Gauge,
    Histogram,
}
