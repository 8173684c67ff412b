using System.Diagnostics.Metrics;
using ClusterDns.Core.Telemetry;
using ClusterDns.Server.Admin;
using Xunit;

namespace ClusterDns.UnitTests.Admin;

public sealed class RegistryMeterTests : IDisposable
{
    private readonly MetricRegistry _metrics = new();
    private readonly MeterListener _listener = new();
    private readonly SortedDictionary<string, double> _seen = new(StringComparer.Ordinal);

    public RegistryMeterTests() => _metrics.Counter("a_total", "", "zone").With("before.").Add(3);

    [Fact]
    public void Families_show_under_their_names_with_their_labels()
    {
        using var meter = Listen();
        Assert.Equal(["a_total{zone=before.} 3"], Collect());
        _metrics.Gauge("b", "", "x", "y").With("1", "2").Set(0.5);
        _metrics.Counter("a_total", "", "zone").With("later.").Increment();
        Assert.Equal(["a_total{zone=before.} 3", "a_total{zone=later.} 1", "b{x=1,y=2} 0.5"], Collect());
    }

    [Fact]
    public void A_histogram_is_its_sum_and_its_count()
    {
        using var meter = Listen();
        var histogram = _metrics.Histogram("h", "", [10, 100], 0.5).With();
        histogram.Record(7);
        histogram.Record(1000);
        Assert.Equal(["a_total{zone=before.} 3", "h_count{} 2", "h_sum{} 503.5"], Collect());
    }

    [Fact]
    public void A_series_that_was_removed_is_not_read()
    {
        using var meter = Listen();
        _metrics.Counter("a_total", "", "zone").Remove("before.");
        Assert.Empty(Collect());
    }

    [Fact]
    public void A_family_is_told_once()
    {
        List<string> told = [];
        _metrics.Watch(family => told.Add(family.Name));
        _metrics.Counter("a_total", "", "zone");
        _metrics.Gauge("b", "");
        _metrics.Gauge("b", "");
        Assert.Equal(["a_total", "b"], told);
    }

    public void Dispose() => _listener.Dispose();

    private RegistryMeter Listen()
    {
        // Other tests have a meter of this name as well.
        var meter = new RegistryMeter(_metrics);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == meter.Meter)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.Start();
        return meter;
    }

    private string[] Collect()
    {
        _seen.Clear();
        _listener.RecordObservableInstruments();
        return [.. _seen.Select(static pair => $"{pair.Key} {pair.Value}")];
    }

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _seen[$"{instrument.Name}{{{string.Join(',', tags.ToArray().Select(static tag => $"{tag.Key}={tag.Value}"))}}}"] = value;
}
