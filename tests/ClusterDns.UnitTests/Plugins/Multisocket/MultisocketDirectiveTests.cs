using ClusterDns.Core.Corefile;
using ClusterDns.Plugins.Multisocket;
using ClusterDns.Testing.Chains;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Multisocket;

public sealed class MultisocketDirectiveTests
{
    [Theory]
    [InlineData("multisocket 1", 1)]
    [InlineData("multisocket 1024", 1024)]
    public void Configure_reads_the_count(string text, int sockets)
    {
        Assert.Equal(new MultisocketOptions(sockets), Configure(text));
    }

    [Fact]
    public void Configure_takes_the_number_of_cores_without_a_count()
    {
        Assert.Equal(new MultisocketOptions(Environment.ProcessorCount), Configure("multisocket"));
    }

    [Theory]
    [InlineData("multisocket 0")]
    [InlineData("multisocket 1025")]
    [InlineData("multisocket -1")]
    [InlineData("multisocket two")]
    [InlineData("multisocket 99999999999")]
    [InlineData("multisocket 1 2")]
    [InlineData("multisocket 1\nmultisocket 1")]
    [InlineData("multisocket 1 {\n1\n}")]
    public void Configure_refuses_what_is_no_count(string text)
    {
        Assert.Throws<CorefileException>(() => Configure(text));
    }

    private static MultisocketOptions? Configure(string text) =>
        new ChainHarness($".:53 {{\n{text}\nwhoami\n}}\n").Block.Find<MultisocketOptions>();
}
