using ClusterDns.Core.Corefile;
using ClusterDns.Plugins.Quic;
using ClusterDns.Testing.Chains;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Quic;

public sealed class QuicDirectiveTests
{
    [Theory]
    [InlineData("quic", 256, 1024)]
    [InlineData("quic {\n}", 256, 1024)]
    [InlineData("quic {\nmax_streams 7\n}", 7, 1024)]
    [InlineData("quic {\nworker_pool_size 1\nmax_streams 65535\n}", 65535, 1)]
    public void Configure_reads_the_ceilings(string text, int streams, int workers)
    {
        Assert.Equal(new QuicOptions(streams, workers), Configure(text));
    }

    [Theory]
    [InlineData("quic 200")]
    [InlineData("quic\nquic")]
    [InlineData("quic {\nmax_streams\n}")]
    [InlineData("quic {\nmax_streams 0\n}")]
    [InlineData("quic {\nmax_streams 1 2\n}")]
    [InlineData("quic {\nmax_streams 65536\n}")]
    [InlineData("quic {\nworker_pool_size 0\n}")]
    [InlineData("quic {\nworker_pool_size -1\n}")]
    [InlineData("quic {\nmax_connections 1\n}")]
    public void Configure_refuses_what_is_no_ceiling(string text)
    {
        Assert.Throws<CorefileException>(() => Configure(text));
    }

    private static QuicOptions? Configure(string text) =>
        new ChainHarness($"quic://.:853 {{\n{text}\nwhoami\n}}\n").Block.Find<QuicOptions>();
}
