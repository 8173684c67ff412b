using ClusterDns.Kubernetes.Sync;
using Xunit;

namespace ClusterDns.UnitTests.Kubernetes.Sync;

public sealed class GrowthPaceTests
{
    private const long Before = 5 << 20;

    // What an object takes, and what of it is still needed after a collection.
    private const long Each = 2048;
    private const long Left = 1024;

    private long _inUse = Before;
    private long _added;
    private int _collections;

    [Fact]
    public void A_small_cluster_has_no_collection()
    {
        Add((int)(GrowthPace.First / Each) - 1);

        Assert.Equal(0, _collections);
    }

    [Fact]
    public void A_heap_that_grows_is_compacted_again_and_again()
    {
        const int Objects = 60_000;

        var most = Add(Objects);

        // Without any, half of 122 MB would be of no use in the end.
        Assert.InRange(_collections, 4, 14);
        Assert.InRange(most, Before + (Objects * Left), Before + (Objects * Left) + GrowthPace.Step + (GrowthPace.Step / 2));
    }

    [Fact]
    public void What_does_not_grow_is_left_alone()
    {
        var pace = Pace();
        for (var put = 0; put < 1_000_000; put++)
        {
            pace.Added();
        }

        Assert.Equal(0, _collections);
    }

    private GrowthPace Pace() => new(
        () => _inUse,
        () =>
        {
            _collections++;
            _inUse = Before + (_added * Left);
        });

    // What was in use at most.
    private long Add(int objects)
    {
        var pace = Pace();
        long most = 0;
        for (_added = 1; _added <= objects; _added++)
        {
            _inUse += Each;
            most = Math.Max(most, _inUse);
            pace.Added();
        }

        return most;
    }
}
