namespace ClusterDns.Core.Telemetry;

/// <summary>What an exporter needs to know of a family.</summary>
public interface IMetricFamily
{
    string Name { get; }

    string Help { get; }

    MetricKind Kind { get; }

    IReadOnlyList<string> Labels { get; }

    /// <summary>Every series (<see cref="Counter"/>, <see cref="Gauge"/> or <see cref="Histogram"/>) with its label values.</summary>
    IEnumerable<(IReadOnlyList<string> Values, object Series)> Series { get; }
}
