using ClusterDns.Testing.ApiServer;
using Xunit;

namespace ClusterDns.FunctionalTests.Serving;

/// <summary>What the way to the API server does to clients of the cluster's names.</summary>
public sealed class ApiServerTests
{
    private const int ServFail = 2;
    private const string Web = "web.demo.svc.cluster.local.";
    private const string Late = "late.demo.svc.cluster.local.";

    private const string LateService = """
        kind: Service
        metadata: {name: late, namespace: demo}
        spec: {clusterIP: 10.96.2.2, clusterIPs: [10.96.2.2], ports: [{port: 80}]}
        """;

    [Fact]
    public async Task Away_at_the_start_it_costs_the_clusters_names_until_it_is_there()
    {
        await using KubeadmServer server = new() { IsAlone = true };
        await server.InitializeAsync();
        Assert.Equal(ServFail, (await server.Dns.AskAsync(Web, "A")).ResponseCode);
        Assert.Single((await server.Dns.AskAsync("www.example.test.", "A")).Answer);
        Assert.Equal((503, "kubernetes"), await KubeadmServer.GetAsync(server.ReadyPort, "/ready"));
        Assert.Equal((200, "OK"), await KubeadmServer.GetAsync(server.HealthPort, "/health"));

        await server.StartApiAsync();
        await server.UntilAsync(() => HasAnswerAsync(server, Web));
        await server.UntilAsync(async () => (await KubeadmServer.GetAsync(server.ReadyPort, "/ready")).Status == 200);
    }

    [Fact]
    public async Task Away_later_it_costs_nothing_that_is_known()
    {
        await using KubeadmServer server = new();
        await server.InitializeAsync();
        await server.StopApiAsync();
        Assert.True(await HasAnswerAsync(server, Web));
        Assert.Equal((200, "OK"), await KubeadmServer.GetAsync(server.ReadyPort, "/ready"));

        // Another server with other versions of everything, as after a restore of its store.
        await server.StartApiAsync();
        server.Api.Apply(LateService);
        server.Api.Delete("Service", "demo", "web");
        await server.UntilAsync(() => HasAnswerAsync(server, Late));
        await server.UntilAsync(async () => !await HasAnswerAsync(server, Web));
    }

    [Theory]
    [InlineData(WatchBreak.EndOfStream)]
    [InlineData(WatchBreak.Reset)]
    [InlineData(WatchBreak.TornLine)]
    [InlineData(WatchBreak.Gone)]
    [InlineData(WatchBreak.InternalError)]
    [InlineData(WatchBreak.Garbage)]
    public async Task Watches_that_break_are_opened_again(WatchBreak how)
    {
        await using KubeadmServer server = new();
        await server.InitializeAsync();
        await server.Api.WaitForWatchesAsync("services", 1, TestContext.Current.CancellationToken);
        server.Api.BreakWatches(how);
        server.Api.Apply(LateService);
        await server.UntilAsync(() => HasAnswerAsync(server, Late));
        Assert.True(await HasAnswerAsync(server, Web));
    }

    [Fact]
    public async Task Certificates_are_shown_to_it_and_checked()
    {
        await using KubeadmServer server = new() { UsesTls = true };
        await server.InitializeAsync();
        Assert.True(await HasAnswerAsync(server, Web));
        Assert.NotEmpty(server.Api.Requests);
        Assert.All(server.Api.Requests, static request => Assert.Equal("CN=test client", request.ClientCertificate));
    }

    private static async Task<bool> HasAnswerAsync(KubeadmServer server, string name) =>
        (await server.Dns.AskAsync(name, "A")).Answer.Count == 1;
}
