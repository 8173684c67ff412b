using System.Diagnostics;
using ClusterDns.Testing;
using ClusterDns.Testing.Wire;
using Xunit;

namespace ClusterDns.FunctionalTests.Serving;

/// <summary>What changes in the cluster is what clients get next.</summary>
public sealed class ChangeTests(KubeadmServer server, ITestOutputHelper output) : IClassFixture<KubeadmServer>
{
    private const int Changes = 20;
    private const string Name = "moving.demo.svc.cluster.local.";

    [Fact]
    public async Task Endpoints_are_answered_as_they_change()
    {
        server.Api.Apply("""
            kind: Service
            metadata: {name: moving, namespace: demo}
            spec: {type: ClusterIP, clusterIP: None, clusterIPs: [None], ports: [{name: web, port: 80, protocol: TCP}]}
            """);
        List<double> took = [];
        for (int number = 1; number <= Changes; number++)
        {
            string address = ServedObjects.Address(number);
            long start = Stopwatch.GetTimestamp();
            server.Api.Apply(ServedObjects.Slice("moving", address));
            await UntilAsync(reply => reply.Answer.Count == 1 && $"{reply.Answer[0]}" == $"{Name} 30 IN A {address}");
            took.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        took.Sort();
        output.WriteLine($"from the change to the answer: median {took[Changes / 2]:F1} ms, longest {took[^1]:F1} ms");
    }

    [Fact]
    public async Task A_Service_is_gone_as_soon_as_it_is_deleted()
    {
        server.Api.Apply("""
            kind: Service
            metadata: {name: gone, namespace: demo}
            spec: {type: ClusterIP, clusterIP: 10.96.1.1, clusterIPs: [10.96.1.1], ports: [{port: 80}]}
            """);
        await UntilAsync(static reply => reply.Answer.Count == 1, "gone.demo.svc.cluster.local.");
        server.Api.Delete("Service", "demo", "gone");
        await UntilAsync(static reply => reply.ResponseCode == 3, "gone.demo.svc.cluster.local.");
    }

    // Asks without a pause: what is measured is the server, not the steps of a timer.
    private async Task UntilAsync(Func<WireMessage, bool> condition, string name = Name)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition(await server.Dns.AskAsync(name, "A")))
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience.Limit, "it never came true");
        }
    }
}
