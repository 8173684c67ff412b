using ClusterDns.Core.Pipeline;
using ClusterDns.Plugins.Forward;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Forward;

public sealed class UpstreamOrderTests
{
    [Fact]
    public void Sequential_is_the_order_of_the_Corefile() =>
        Assert.Equal([0, 1, 2, 3], Order(UpstreamPolicy.Sequential, 4));

    [Theory]
    [InlineData(0, new[] { 0, 1, 2, 3 })]
    [InlineData(1, new[] { 1, 0, 2, 3 })]
    [InlineData(3, new[] { 3, 0, 1, 2 })]
    public void Round_robin_has_the_one_whose_turn_it_is_first(int turn, int[] expected) =>
        Assert.Equal(expected, Order(UpstreamPolicy.RoundRobin, 4, turn));

    [Fact]
    public void Random_has_every_permutation_about_as_often()
    {
        var seen = new Dictionary<string, int>();
        for (var run = 0; run < 6000; run++)
        {
            var order = string.Join(' ', Order(UpstreamPolicy.Random, 3));
            seen[order] = seen.GetValueOrDefault(order) + 1;
        }

        Assert.Equal(6, seen.Count);
        Assert.All(seen.Values, static count => Assert.InRange(count, 800, 1200));
    }

    private static int[] Order(UpstreamPolicy policy, int count, int turn = 0)
    {
        var order = UpstreamOrder.Create(policy, count, turn, CryptographicRandom.Instance);
        var numbers = new int[count];
        for (var index = 0; index < count; index++)
        {
            numbers[index] = order[index];
        }

        return numbers;
    }
}
