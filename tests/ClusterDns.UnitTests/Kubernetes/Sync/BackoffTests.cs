using ClusterDns.Kubernetes.Sync;
using Xunit;

namespace ClusterDns.UnitTests.Kubernetes.Sync;

public sealed class BackoffTests
{
    [Fact]
    public void Next_doubles_up_to_a_limit_and_starts_over_after_reset()
    {
        Backoff backoff = new(TimeProvider.System, static () => 0.5);
        double[] waits = [.. Enumerable.Range(0, 12).Select(_ => backoff.Next(null).TotalMilliseconds)];
        Assert.Equal([100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 30000, 30000, 30000], waits);
        backoff.Reset();
        Assert.Equal(100, backoff.Next(null).TotalMilliseconds);
    }

    [Fact]
    public void Next_spreads_by_half_to_each_side()
    {
        Assert.Equal(50, new Backoff(TimeProvider.System, static () => 0).Next(null).TotalMilliseconds);
        Assert.Equal(149, new Backoff(TimeProvider.System, static () => 0.99).Next(null).TotalMilliseconds, 0.001);
    }

    [Fact]
    public void Next_waits_as_long_as_the_server_asks() =>
        Assert.InRange(new Backoff(TimeProvider.System, static () => 0.5).Next(TimeSpan.FromSeconds(7)).TotalSeconds, 7, 8);
}
