using System.Net;
using ClusterDns.Testing;
using DnsClient;
using DnsClient.Protocol;
using Xunit;

namespace ClusterDns.FunctionalTests.Serving;

/// <summary>DnsClient, as .NET programs in a cluster use it, gets the answers of the cluster.</summary>
public sealed class DnsClientTests(KubeadmServer server) : IClassFixture<KubeadmServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Services_are_found(bool overTcp)
    {
        LookupClient client = Client(overTcp);
        IDnsQueryResponse a = await AskAsync(client, "web.demo.svc.cluster.local", QueryType.A);
        Assert.Equal(IPAddress.Parse("10.96.0.10"), Assert.Single(a.Answers.ARecords()).Address);
        Assert.True(a.Header.HasAuthorityAnswer);
        IDnsQueryResponse aaaa = await AskAsync(client, "dual.demo.svc.cluster.local", QueryType.AAAA);
        Assert.Equal(IPAddress.Parse("fd00:10:96::b"), Assert.Single(aaaa.Answers.AaaaRecords()).Address);
        IDnsQueryResponse ptr = await client.QueryReverseAsync(IPAddress.Parse("10.96.0.10"), Cancel);
        Assert.Equal("web.demo.svc.cluster.local.", Assert.Single(ptr.Answers.PtrRecords()).PtrDomainName.Value);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Endpoints_come_with_their_addresses(bool overTcp)
    {
        IDnsQueryResponse reply = await AskAsync(
            Client(overTcp), "_pg._tcp.db.demo.svc.cluster.local", QueryType.SRV);
        SrvRecord[] found = [.. reply.Answers.SrvRecords().OrderBy(static r => r.Target.Value)];
        Assert.Equal(
            ["db-0.db.demo.svc.cluster.local.", "db-1.db.demo.svc.cluster.local."],
            found.Select(static r => r.Target.Value));
        Assert.All(found, static r => Assert.Equal(5432, r.Port));
        Assert.Equal(2, reply.Additionals.ARecords().Count());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Absence_is_told_from_emptiness(bool overTcp)
    {
        LookupClient client = Client(overTcp);
        IDnsQueryResponse missing = await AskAsync(client, "missing.demo.svc.cluster.local", QueryType.A);
        Assert.Equal(DnsHeaderResponseCode.NotExistentDomain, missing.Header.ResponseCode);
        IDnsQueryResponse empty = await AskAsync(client, "web.demo.svc.cluster.local", QueryType.AAAA);
        Assert.Equal(DnsHeaderResponseCode.NoError, empty.Header.ResponseCode);
        Assert.Empty(empty.Answers);
        Assert.Single(empty.Authorities.SoaRecords());
    }

    [Fact]
    public async Task Truncated_answers_are_asked_for_again_over_tcp()
    {
        IDnsQueryResponse reply = await AskAsync(Client(false), "many.demo.svc.cluster.local", QueryType.A);
        Assert.Equal(ServedObjects.ManyEndpoints, reply.Answers.ARecords().Count());
    }

    [Fact]
    public async Task Texts_come_through_from_upstream()
    {
        IDnsQueryResponse reply = await AskAsync(Client(false), "text.example.test", QueryType.TXT);
        Assert.Equal(["one", "two words"], Assert.Single(reply.Answers.TxtRecords()).Text);
    }

    private static Task<IDnsQueryResponse> AskAsync(LookupClient client, string name, QueryType type) =>
        client.QueryAsync(name, type, cancellationToken: Cancel);

    private LookupClient Client(bool overTcp) =>
        new(new LookupClientOptions(new IPEndPoint(IPAddress.Loopback, server.Port))
        {
            UseTcpOnly = overTcp,
            UseCache = false,
            Timeout = Patience.Limit,
            Retries = 0,
            ExtendedDnsBufferSize = overTcp ? 4096 : 512,
        });
}
