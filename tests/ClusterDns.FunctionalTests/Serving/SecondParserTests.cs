using ARSoft.Tools.Net.Dns;
using ClusterDns.Testing.Wire;
using Xunit;

namespace ClusterDns.FunctionalTests.Serving;

/// <summary>ARSoft.Tools.Net reads every message as our test decoder does: nothing is understood by us alone.</summary>
public sealed class SecondParserTests(KubeadmServer server) : IClassFixture<KubeadmServer>
{
    [Theory]
    [InlineData("web.demo.svc.cluster.local.", "A")]
    [InlineData("dual.demo.svc.cluster.local.", "AAAA")]
    [InlineData("web.demo.svc.cluster.local.", "AAAA")]
    [InlineData("missing.demo.svc.cluster.local.", "A")]
    [InlineData("_http._tcp.web.demo.svc.cluster.local.", "SRV")]
    [InlineData("_pg._tcp.db.demo.svc.cluster.local.", "SRV")]
    [InlineData("many.demo.svc.cluster.local.", "A")]
    [InlineData("_web._tcp.many.demo.svc.cluster.local.", "SRV")]
    [InlineData("website.demo.svc.cluster.local.", "A")]
    [InlineData("10.0.96.10.in-addr.arpa.", "PTR")]
    [InlineData("dns-version.cluster.local.", "TXT")]
    [InlineData("cluster.local.", "SOA")]
    [InlineData("cluster.local.", "NS")]
    [InlineData("cluster.local.", "AXFR")]
    [InlineData("web.demo.svc.cluster.local.", "ANY")]
    [InlineData("example.test.", "MX")]
    [InlineData("alias.example.test.", "AAAA")]
    [InlineData("text.example.test.", "TXT")]
    [InlineData("missing.example.test.", "A")]
    [InlineData("elsewhere.test.", "A")]
    public async Task Both_read_the_same(string name, string type)
    {
        foreach (ushort? payload in (ushort?[])[null, 512, 1232, 4096])
        {
            byte[] query = DnsPeer.Query(name, type, payload);
            Compare(await server.Dns.AskUdpAsync(query), payload ?? 512);
            Compare(await server.Dns.AskTcpAsync(query), ushort.MaxValue);
        }
    }

    private static void Compare(byte[] octets, int limit)
    {
        Assert.InRange(octets.Length, 12, limit);
        WireMessage own = WireMessage.Decode(octets);
        DnsMessage other = DnsMessage.Parse(octets);
        Assert.Equal(own.Id, other.TransactionID);
        Assert.Equal(own.ResponseCode, (int)other.ReturnCode);
        Assert.Equal(own.Truncated, other.IsTruncated);
        Assert.Equal((own.Bits & 0x0400) != 0, other.IsAuthoritiveAnswer);
        Assert.Equal(own.Opt is null, other.EDnsOptions is null);
        Assert.Equal(
            own.Questions.Select(static q => $"{q.Name} {q.Type}"),
            other.Questions.Select(static q => $"{q.Name} {(int)q.RecordType}"));
        Assert.Equal(Lines(own.Answer), Lines(other.AnswerRecords));
        Assert.Equal(Lines(own.Authority), Lines(other.AuthorityRecords));
        Assert.Equal(Lines(own.Additional), Lines(other.AdditionalRecords.Where(static r => r is not OptRecord)));
    }

    private static IEnumerable<string> Lines(IEnumerable<WireRecord> records) =>
        records.Select(static r => r.ToString());

    private static IEnumerable<string> Lines(IEnumerable<DnsRecordBase> records) =>
        records.Select(static r => r.ToString());
}
