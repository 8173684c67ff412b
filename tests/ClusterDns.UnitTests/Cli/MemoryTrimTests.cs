using ClusterDns.Server.Cli;
using Xunit;

namespace ClusterDns.UnitTests.Cli;

public sealed class MemoryTrimTests
{
    private const long Megabyte = 1 << 20;

    [Theory]
    [InlineData(100, 0, true, "a long list is over")]
    [InlineData(100, 10, false, "work is being done")]
    [InlineData(3, 0, false, "there is little to gain")]
    public void IsDue_when_the_heap_has_grown_and_nothing_goes_on(int committed, int allocated, bool expected, string when) =>
        Assert.True(new MemoryTrim(TimeProvider.System).IsDue(committed * Megabyte, allocated * Megabyte) == expected, when);
}
