using Xunit;

namespace ClusterDns.FunctionalTests.Serving;

/// <summary>ISC's <c>dig</c> gets the answers a cluster's clients expect, over UDP and over TCP.</summary>
public sealed class DigTests(KubeadmServer server) : IClassFixture<KubeadmServer>
{
    private const string Soa = " IN SOA ns.dns.cluster.local. ";

    [Theory]
    [InlineData("web.demo.svc.cluster.local A", "30 IN A 10.96.0.10")]
    [InlineData("WEB.demo.svc.Cluster.Local A", "30 IN A 10.96.0.10")]
    [InlineData("dual.demo.svc.cluster.local AAAA", "30 IN AAAA fd00:10:96::b")]
    [InlineData("_http._tcp.web.demo.svc.cluster.local SRV", "30 IN SRV 0 100 80 web.demo.svc.cluster.local.")]
    [InlineData(
        "_pg._tcp.db.demo.svc.cluster.local SRV",
        "30 IN SRV 0 50 5432 db-0.db.demo.svc.cluster.local.",
        "30 IN SRV 0 50 5432 db-1.db.demo.svc.cluster.local.")]
    [InlineData("db.demo.svc.cluster.local A", "30 IN A 10.244.1.1", "30 IN A 10.244.1.2")]
    [InlineData("10.0.96.10.in-addr.arpa PTR", "30 IN PTR web.demo.svc.cluster.local.")]
    [InlineData("2.1.244.10.in-addr.arpa PTR", "30 IN PTR db-1.db.demo.svc.cluster.local.")]
    [InlineData("dns-version.cluster.local TXT", "30 IN TXT \"1.1.0\"")]
    [InlineData("10-1-2-3.demo.pod.cluster.local A", "30 IN A 10.1.2.3")]
    public async Task Names_of_the_cluster_are_answered(string question, params string[] records)
    {
        string name = question.Split(' ')[0];
        foreach (string transport in (string[])["+notcp", "+tcp"])
        {
            DigReply reply = await AskAsync($"{transport} {question}");
            Assert.Equal(("NOERROR", "qr aa rd"), (reply.Status, reply.Flags));
            Assert.Equal(records.Select(r => $"{name}. {r}"), reply.Answer);
            Assert.Empty(reply.Authority);
        }
    }

    [Theory]
    [InlineData("missing.demo.svc.cluster.local A", "NXDOMAIN")]
    [InlineData("web.missing.svc.cluster.local A", "NXDOMAIN")]
    [InlineData("web.demo.svc.cluster.local AAAA", "NOERROR")]
    [InlineData("demo.svc.cluster.local A", "NOERROR")]
    public async Task Absence_comes_with_the_zones_soa(string question, string status)
    {
        foreach (string transport in (string[])["+notcp", "+tcp"])
        {
            DigReply reply = await AskAsync($"{transport} {question}");
            Assert.Equal((status, "qr aa rd"), (reply.Status, reply.Flags));
            Assert.Empty(reply.Answer);
            Assert.Contains(Soa, Assert.Single(reply.Authority), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("+notcp")]
    [InlineData("+tcp")]
    public async Task Other_names_are_answered_from_upstream(string transport)
    {
        Assert.EndsWith(" IN A 192.0.2.1", Assert.Single((await AskAsync($"{transport} www.example.test A")).Answer));
        Assert.EndsWith(" MX 10 mail.example.test.", (await AskAsync($"{transport} example.test MX")).Answer[0]);
        Assert.Equal(2, (await AskAsync($"{transport} alias.example.test A")).Answer.Count);
        DigReply missing = await AskAsync($"{transport} missing.example.test A");
        Assert.Equal(("NXDOMAIN", 1), (missing.Status, missing.Authority.Count));
    }

    [Theory]
    [InlineData("+notcp")]
    [InlineData("+tcp")]
    public async Task An_external_name_is_followed_upstream(string transport)
    {
        DigReply reply = await AskAsync($"{transport} website.demo.svc.cluster.local A");
        Assert.Equal("NOERROR", reply.Status);
        Assert.Equal(2, reply.Answer.Count);
        // The cache gives all records the TTL of the shortest, what is left of the target's.
        Assert.Matches(@"^website\.demo\.svc\.cluster\.local\. \d+ IN CNAME www\.example\.test\.$", reply.Answer[0]);
        Assert.Matches(@"^www\.example\.test\. \d+ IN A 192\.0\.2\.1$", reply.Answer[1]);
    }

    [Theory]
    [InlineData("+notcp", 4096)]
    [InlineData("+notcp", 1232)]
    [InlineData("+tcp", 512)]
    public async Task Edns_is_answered_with_edns(string transport, int size)
    {
        DigReply reply = await AskAsync($"{transport} +dnssec +bufsize={size} web.demo.svc.cluster.local A");
        Assert.Equal("NOERROR", reply.Status);
        Assert.StartsWith("version: 0, flags: do; udp: ", reply.Edns, StringComparison.Ordinal);
        Assert.Single(reply.Answer);
        Assert.Empty((await AskAsync($"{transport} +noedns web.demo.svc.cluster.local A")).Edns);
    }

    [Fact]
    public async Task Answers_that_do_not_fit_are_truncated_and_whole_over_tcp()
    {
        const string name = "many.demo.svc.cluster.local A";
        DigReply plain = await AskAsync("+noedns +ignore " + name);
        Assert.Contains("tc", plain.Flags.Split(' '));
        Assert.InRange(plain.Answer.Count, 0, ServedObjects.ManyEndpoints - 1);
        // dig turns to TCP by itself unless told to ignore TC.
        Assert.Equal(ServedObjects.ManyEndpoints, (await AskAsync("+noedns " + name)).Answer.Count);
        DigReply large = await AskAsync("+bufsize=4096 +ignore " + name);
        Assert.DoesNotContain("tc", large.Flags.Split(' '));
        Assert.Equal(ServedObjects.ManyEndpoints, large.Answer.Count);
    }

    [Fact]
    public async Task Clients_of_ipv6_are_answered() =>
        Assert.Single((await AskAsync("@::1 web.demo.svc.cluster.local A")).Answer);

    [Fact]
    public async Task Transfers_are_refused() =>
        Assert.Contains("; Transfer failed.", (await AskAsync("cluster.local AXFR")).Text, StringComparison.Ordinal);

    [Fact]
    public async Task Versions_of_edns_to_come_are_refused() =>
        Assert.Equal("BADVERS", (await AskAsync("+edns=1 +noednsnegotiation web.demo.svc.cluster.local A")).Status);

    private Task<DigReply> AskAsync(string arguments) => DigReply.AskAsync(server.Port, arguments);
}
