using ClusterDns.Core.Corefile;
using ClusterDns.Plugins.Shed;
using ClusterDns.Testing.Chains;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Shed;

public sealed class ShedDirectiveTests
{
    [Theory]
    [InlineData(".:53 {\nshed\nwhoami\n}")]
    [InlineData("tls://.:853 .:53 {\nshed\nwhoami\n}")]
    public void Configure_takes_a_block_that_has_UDP(string corefile)
    {
        Assert.NotNull(new ChainHarness(corefile).Block.Find<ShedOptions>());
    }

    [Theory]
    [InlineData(".:53 {\nshed 1024\nwhoami\n}")]
    [InlineData(".:53 {\nshed\nshed\nwhoami\n}")]
    [InlineData(".:53 {\nshed {\n}\nwhoami\n}")]
    [InlineData("tls://.:853 {\nshed\nwhoami\n}")]
    [InlineData("https://.:443 {\nshed\nwhoami\n}")]
    public void Configure_refuses_options_and_blocks_without_UDP(string corefile)
    {
        Assert.Throws<CorefileException>(() => new ChainHarness(corefile));
    }
}
