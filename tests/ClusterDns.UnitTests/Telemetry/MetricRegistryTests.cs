using ClusterDns.Core.Telemetry;
using Xunit;

namespace ClusterDns.UnitTests.Telemetry;

public sealed class MetricRegistryTests
{
    private readonly MetricRegistry _metrics = new();

    [Fact]
    public async Task A_counter_loses_nothing_between_workers()
    {
        var counter = _metrics.Counter("c", "", "label").With("value");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(() =>
        {
            for (var index = 0; index < 10_000; index++)
            {
                counter.Increment(worker);
            }
        })));

        Assert.Equal(80_000, counter.Value);
    }

    [Fact]
    public async Task Nothing_is_lost_where_threads_count_as_one_worker()
    {
        var counter = _metrics.Counter("c", "").With();
        var histogram = _metrics.Histogram("h", "", [10, 100], 1).With();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var index = 0; index < 10_000; index++)
            {
                counter.Increment(worker: 1);
                histogram.Record(11, worker: 1);
            }
        })));

        var buckets = new long[3];
        Assert.Equal(40_000, counter.Value);
        Assert.Equal(440_000, histogram.Read(buckets));
        Assert.Equal([0, 40_000, 0], buckets);
    }

    [Fact]
    public void A_family_asked_for_twice_is_the_same()
    {
        _metrics.Counter("c", "", "label").With("value").Increment();
        Assert.Equal(1, _metrics.Counter("c", "", "label").With("value").Value);
        Assert.Throws<ArgumentException>(() => _metrics.Counter("c", "", "label").With());
    }

    [Fact]
    public void A_histogram_counts_a_value_in_the_bucket_whose_bound_it_does_not_pass()
    {
        var histogram = _metrics.Histogram("h", "", [10, 100], 1).With();
        foreach (var value in (long[])[0, 10, 11, 100, 101, 1000])
        {
            histogram.Record(value, worker: (int)value);
        }

        Span<long> buckets = stackalloc long[3];
        Assert.Equal(1222, histogram.Read(buckets));
        Assert.Equal([2, 2, 2], buckets.ToArray());
    }

    [Fact]
    public void Counting_allocates_nothing()
    {
        var counter = _metrics.Counter("c", "").With();
        var histogram = _metrics.Histogram("h", "", [10, 100], 1).With();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var index = 0; index < 1000; index++)
        {
            counter.Increment(index);
            histogram.Record(index, index);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
