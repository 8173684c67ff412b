using ClusterDns.Core.Corefile;
using ClusterDns.Plugins.Https3;
using ClusterDns.Testing.Chains;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Https3;

public sealed class Https3DirectiveTests
{
    [Theory]
    [InlineData("https3", 256, 200)]
    [InlineData("https3 {\n}", 256, 200)]
    [InlineData("https3 {\nmax_streams 7\n}", 7, 200)]
    [InlineData("https3 {\nmax_streams 0\nmax_connections 0\n}", 0, 0)]
    [InlineData("https3 {\nmax_connections 3\n}", 256, 3)]
    public void Configure_reads_the_ceilings(string text, int streams, int connections)
    {
        Assert.Equal(new Https3Options(streams, connections), Configure(text));
    }

    [Theory]
    [InlineData("https3 200")]
    [InlineData("https3\nhttps3")]
    [InlineData("https3 {\nmax_streams\n}")]
    [InlineData("https3 {\nmax_streams 1 2\n}")]
    [InlineData("https3 {\nmax_streams -1\n}")]
    [InlineData("https3 {\nmax_connections -1\n}")]
    [InlineData("https3 {\nmax_connections many\n}")]
    [InlineData("https3 {\nworker_pool_size 1\n}")]
    public void Configure_refuses_what_is_no_ceiling(string text)
    {
        Assert.Throws<CorefileException>(() => Configure(text));
    }

    private static Https3Options? Configure(string text) =>
        new ChainHarness($".:443 {{\n{text}\nwhoami\n}}\n").Block.Find<Https3Options>();
}
