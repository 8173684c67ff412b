using ClusterDns.Testing.ApiServer;
using ClusterDns.Testing.Processes;
using ClusterDns.Testing.Wire;
using Xunit;

namespace ClusterDns.FunctionalTests.Serving;

/// <summary>An API server that is away at the start costs the cluster's names until it is there, nothing else.</summary>
public sealed class AbsentApiServerTests
{
    private const int ServFail = 2;

    [Fact]
    public async Task The_rest_is_served_and_the_cluster_as_soon_as_it_is_known()
    {
        int apiPort = FreePorts.Take();
        await using KubeadmServer server = new() { ApiPort = apiPort };
        await server.InitializeAsync();
        Assert.Equal(ServFail, (await server.Dns.AskAsync("web.demo.svc.cluster.local.", "A")).ResponseCode);
        Assert.Single((await server.Dns.AskAsync("www.example.test.", "A")).Answer);
        Assert.Equal((503, "kubernetes"), await KubeadmServer.GetAsync(server.ReadyPort, "/ready"));
        Assert.Equal((200, "OK"), await KubeadmServer.GetAsync(server.HealthPort, "/health"));

        await using FakeApiServer api = await FakeApiServer.StartAsync(new FakeApiServerOptions { Port = apiPort });
        api.Apply(ServedObjects.Cluster);
        await server.UntilAsync(async () =>
        {
            WireMessage reply = await server.Dns.AskAsync("web.demo.svc.cluster.local.", "A");
            return reply.Answer.Count == 1;
        });
        await server.UntilAsync(async () => (await KubeadmServer.GetAsync(server.ReadyPort, "/ready")).Status == 200);
    }
}
