using ClusterDns.Core.Corefile;
using ClusterDns.Plugins.Https;
using ClusterDns.Testing.Chains;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Https;

public sealed class HttpsDirectiveTests
{
    [Theory]
    [InlineData("https", 200)]
    [InlineData("https {\n}", 200)]
    [InlineData("https {\nmax_connections 7\n}", 7)]
    [InlineData("https {\nmax_connections 0\n}", 0)]
    public void Configure_reads_the_ceiling(string text, int connections)
    {
        Assert.Equal(new HttpsOptions(connections), Configure(text));
    }

    [Theory]
    [InlineData("https 200")]
    [InlineData("https\nhttps")]
    [InlineData("https {\nmax_connections\n}")]
    [InlineData("https {\nmax_connections 1 2\n}")]
    [InlineData("https {\nmax_connections -1\n}")]
    [InlineData("https {\nmax_connections many\n}")]
    [InlineData("https {\nmax_clients 1\n}")]
    public void Configure_refuses_what_is_no_ceiling(string text)
    {
        Assert.Throws<CorefileException>(() => Configure(text));
    }

    private static HttpsOptions? Configure(string text) =>
        new ChainHarness($"https://.:443 {{\n{text}\nwhoami\n}}\n").Block.Find<HttpsOptions>();
}
