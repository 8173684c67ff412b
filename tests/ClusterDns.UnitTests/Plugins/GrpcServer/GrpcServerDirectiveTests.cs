using ClusterDns.Core.Corefile;
using ClusterDns.Plugins.GrpcServer;
using ClusterDns.Testing.Chains;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.GrpcServer;

public sealed class GrpcServerDirectiveTests
{
    [Theory]
    [InlineData("grpc_server", 256, 200)]
    [InlineData("grpc_server {\n}", 256, 200)]
    [InlineData("grpc_server {\nmax_streams 7\n}", 7, 200)]
    [InlineData("grpc_server {\nmax_streams 0\nmax_connections 0\n}", 0, 0)]
    [InlineData("grpc_server {\nmax_connections 3\n}", 256, 3)]
    public void Configure_reads_the_ceilings(string text, int streams, int connections)
    {
        Assert.Equal(new GrpcServerOptions(streams, connections), Configure(text));
    }

    [Theory]
    [InlineData("grpc_server 200")]
    [InlineData("grpc_server\ngrpc_server")]
    [InlineData("grpc_server {\nmax_streams\n}")]
    [InlineData("grpc_server {\nmax_streams 1 2\n}")]
    [InlineData("grpc_server {\nmax_streams -1\n}")]
    [InlineData("grpc_server {\nmax_connections -1\n}")]
    [InlineData("grpc_server {\nmax_connections many\n}")]
    [InlineData("grpc_server {\nworker_pool_size 1\n}")]
    public void Configure_refuses_what_is_no_ceiling(string text)
    {
        Assert.Throws<CorefileException>(() => Configure(text));
    }

    private static GrpcServerOptions? Configure(string text) =>
        new ChainHarness($".:443 {{\n{text}\nwhoami\n}}\n").Block.Find<GrpcServerOptions>();
}
