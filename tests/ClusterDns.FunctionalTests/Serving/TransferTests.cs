using Xunit;

namespace ClusterDns.FunctionalTests.Serving;

/// <summary>The zone of a cluster is handed to secondaries where the Corefile says so.</summary>
public sealed class TransferTests
{
    private const string Corefile = """
        cluster.local:{PORT} {
            bind 127.0.0.1
            transfer {
                to *
            }
            kubernetes {
                manifests .
                ttl 30
            }
        }
        """;

    private const string Objects = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: demo}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: demo}
        spec: {clusterIP: 10.96.0.10, ports: [{name: http, port: 80, protocol: TCP}]}
        """;

    [Fact]
    public async Task A_cluster_is_transferred_between_two_soa_records()
    {
        await using CorefileServer server = await CorefileServer.StartAsync(Corefile, ("objects.yaml", Objects));
        DigReply reply = await server.DigAsync("cluster.local AXFR");
        string[] lines = reply.Text.Split('\n');
        string[] records = [.. lines.Where(static line => line.Contains("\tIN\t", StringComparison.Ordinal))];
        Assert.Contains("\tSOA\t", records[0], StringComparison.Ordinal);
        Assert.Equal(records[0], records[^1]);
        Assert.Contains(records, static r => r.StartsWith("web.demo.svc.cluster.local.", StringComparison.Ordinal)
            && r.EndsWith("\tA\t10.96.0.10", StringComparison.Ordinal));
        Assert.Contains(records, static r => r.Contains("\tSRV\t0 100 80 web.demo.svc.", StringComparison.Ordinal));
    }
}
