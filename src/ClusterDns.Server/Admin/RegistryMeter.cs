using System.Diagnostics.Metrics;
using ClusterDns.Core.Telemetry;

namespace ClusterDns.Server.Admin;

/// <summary>
/// Shows the registry's families as instruments of the meter <c>coredns</c>, under their own names. The values are read
/// when somebody collects: counting costs nothing more.
/// </summary>
internal sealed class RegistryMeter : IDisposable
{
    public const string Name = "coredns";

    public RegistryMeter(MetricRegistry registry) => registry.Watch(Add);

    public Meter Meter { get; } = new(Name);

    public void Dispose() => Meter.Dispose();

    private void Add(IMetricFamily family)
    {
        switch (family.Kind)
        {
            case MetricKind.Counter:
                Meter.CreateObservableCounter(family.Name, () => Read<Counter, long>(family, static counter => counter.Value), null, family.Help);
                break;
            case MetricKind.Gauge:
                Meter.CreateObservableGauge(family.Name, () => Read<Gauge, double>(family, static gauge => gauge.Value), null, family.Help);
                break;
            case MetricKind.Histogram:
                // There is no histogram that is read instead of recorded: its sum and its count are told apart.
                Meter.CreateObservableCounter(family.Name + "_sum", () => Read<Histogram, double>(family, Sum), null, family.Help);
                Meter.CreateObservableCounter(family.Name + "_count", () => Read<Histogram, long>(family, Count), null, family.Help);
                break;
        }
    }

    private static IEnumerable<Measurement<TValue>> Read<TSeries, TValue>(IMetricFamily family, Func<TSeries, TValue> read)
        where TValue : struct
    {
        foreach (var (values, series) in family.Series)
        {
            var labels = new KeyValuePair<string, object?>[values.Count];
            for (var index = 0; index < labels.Length; index++)
            {
                labels[index] = new(family.Labels[index], values[index]);
            }

            yield return new Measurement<TValue>(read((TSeries)series), labels);
        }
    }

    private static double Sum(Histogram histogram) => histogram.Read(new long[histogram.Bounds.Length + 1]) * histogram.Scale;

    private static long Count(Histogram histogram)
    {
        var buckets = new long[histogram.Bounds.Length + 1];
        histogram.Read(buckets);
        return buckets.Sum();
    }
}
