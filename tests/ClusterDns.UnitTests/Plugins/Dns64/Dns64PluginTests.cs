using System.Net;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Transports;
using ClusterDns.Testing.Wire;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Dns64;

public sealed class Dns64PluginTests
{
    private static readonly byte[] IPv4 = [192, 0, 2, 33];
    private static readonly byte[] IPv6 = IPAddress.Parse("2001:db8::1").GetAddressBytes();
    private static readonly byte[] Mapped = IPAddress.Parse("::ffff:192.0.2.33").GetAddressBytes();
    private static readonly byte[] Soa = [0, 0, .. new byte[20]];

    // RFC 6052 §2.4's table.
    [Theory]
    [InlineData("2001:db8::/32", "2001:db8:c000:221::")]
    [InlineData("2001:db8:100::/40", "2001:db8:1c0:2:21::")]
    [InlineData("2001:db8:122::/48", "2001:db8:122:c000:2:2100::")]
    [InlineData("2001:db8:122:300::/56", "2001:db8:122:3c0:0:221::")]
    [InlineData("2001:db8:122:344::/64", "2001:db8:122:344:c0:2:2100:0")]
    [InlineData("2001:db8:122:344::/96", "2001:db8:122:344::c000:221")]
    [InlineData("64:ff9b::/96", "64:ff9b::c000:221")]
    [InlineData("2001:db8:122:344:ffff::1/48", "2001:db8:122:c000:2:2100::")]
    public async Task Puts_the_octets_where_the_prefix_s_length_says(string prefix, string expected)
    {
        var reply = await AskAsync(Chain($"dns64 {{\n prefix {prefix}\n }}", A()));
        Assert.Equal(IPAddress.Parse(expected), IPAddress.Parse(Assert.Single(reply.Answer).ToString().Split(' ')[^1]));
    }

    [Fact]
    public async Task Answers_with_what_the_A_query_brought()
    {
        var reply = await AskAsync(Chain("dns64", static query =>
        {
            if (query.Type is RecordType.A)
            {
                var target = query.Response.CopyName(DnsName.Parse("v4.example.org").Span);
                query.Response.AddAnswer(NameRef.QueryName, RecordType.CNAME, 300, DnsName.Parse("v4.example.org").Wire);
                query.Response.AddAnswer(target, RecordType.A, 60, IPv4);
                query.Response.AddAuthority(target, RecordType.NS, 60, [0]);
                query.Response.AddAdditional(target, RecordType.A, 60, IPv4);
                query.Response.IsTruncated = true;
            }
        }), "Alias.Example.org");

        Assert.Equal(
            ["alias.example.org. 300 IN CNAME v4.example.org.", "v4.example.org. 60 IN AAAA 64:ff9b::c000:221"],
            reply.Answer.Select(static record => record.ToString()));
        Assert.Equal("v4.example.org. 60 IN NS .", Assert.Single(reply.Authority).ToString());
        Assert.Equal("v4.example.org. 60 IN A 192.0.2.33", Assert.Single(reply.Additional).ToString());
        Assert.Equal(0x8300, reply.Bits);
    }

    [Theory]
    [InlineData(60, null, 60)]
    [InlineData(3600, null, 600)]
    [InlineData(3600, 900, 900)]
    [InlineData(60, 5, 5)]
    [InlineData(0, 5, 0)]
    public async Task Keeps_addresses_no_longer_than_their_absence(int ttl, int? soa, int expected)
    {
        var reply = await AskAsync(Chain("dns64", query =>
        {
            if (query.Type is RecordType.A)
            {
                query.Response.AddAnswer(NameRef.QueryName, RecordType.A, (uint)ttl, IPv4);
            }
            else if (soa is { } seconds)
            {
                query.Response.AddAuthority(NameRef.QueryName, RecordType.SOA, (uint)seconds, Soa);
            }
        }));

        Assert.Equal($"example.org. {expected} IN AAAA 64:ff9b::c000:221", Assert.Single(reply.Answer).ToString());
    }

    [Fact]
    public async Task Leaves_addresses_that_are_there()
    {
        var reply = await AskAsync(Chain("dns64", Both(IPv6)));
        Assert.Equal("example.org. 60 IN AAAA 2001:db8::1", Assert.Single(reply.Answer).ToString());
    }

    [Fact]
    public async Task Takes_mapped_addresses_for_addresses()
    {
        var reply = await AskAsync(Chain("dns64", Both(Mapped)));
        Assert.EndsWith("::ffff:192.0.2.33", Assert.Single(reply.Answer).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replaces_addresses_that_are_there_where_told_to()
    {
        var reply = await AskAsync(Chain("dns64 {\n translate_all\n }", Both(IPv6)));
        Assert.Equal("example.org. 60 IN AAAA 64:ff9b::c000:221", Assert.Single(reply.Answer).ToString());
    }

    [Theory]
    [InlineData(ResponseCode.NXDomain, ResponseCode.NXDomain, 0)]
    [InlineData(ResponseCode.ServFail, ResponseCode.NoError, 1)]
    [InlineData(ResponseCode.Refused, ResponseCode.NoError, 1)]
    public async Task Takes_any_failure_but_NXDOMAIN_for_an_empty_answer(ResponseCode code, ResponseCode expected, int answers)
    {
        var reply = await AskAsync(Chain("dns64", query =>
        {
            if (query.Type is RecordType.A)
            {
                query.Response.AddAnswer(NameRef.QueryName, RecordType.A, 60, IPv4);
            }
            else
            {
                query.Response.Code = code;
            }
        }));

        Assert.Equal((int)expected, reply.ResponseCode);
        Assert.Equal(answers, reply.Answer.Count);
    }

    [Fact]
    public async Task Fails_where_the_A_query_gets_no_answer()
    {
        var reply = await AskAsync(Chain("dns64", static query =>
        {
            if (query.Type is RecordType.A)
            {
                query.Response.Drop("test");
            }
        }));

        Assert.Equal((int)ResponseCode.ServFail, reply.ResponseCode);
    }

    [Theory]
    [InlineData("dns64", "2001:db8::5", RecordType.AAAA, true)]
    [InlineData("dns64", "192.0.2.5", RecordType.AAAA, false)]
    [InlineData("dns64", "::ffff:192.0.2.5", RecordType.AAAA, false)]
    [InlineData("dns64 {\n allow_ipv4\n }", "192.0.2.5", RecordType.AAAA, true)]
    [InlineData("dns64 {\n allow_ipv4\n }", "192.0.2.5", RecordType.TXT, false)]
    [InlineData("dns64 64:ff9b::/96 {\n allow_ipv4\n }", "192.0.2.5", RecordType.AAAA, false)]
    public async Task Serves_only_whom_it_is_for(string directive, string client, RecordType type, bool translates)
    {
        var chain = Chain(directive, A());
        chain.Client = IPAddress.Parse(client);

        Assert.Equal(translates, (await chain.AskAsync("example.org", type))!.Answer.Count > 0);
    }

    [Fact]
    public async Task Answers_late_answers_as_well()
    {
        var late = new TaskCompletionSource();
        var chain = new ChainHarness(".:53 {\n dns64\n}\n", new FakeHandler(async query =>
        {
            await late.Task;
            query.Response.Begin("test", authoritative: true);
            A()(query);
        }))
        { Client = IPAddress.IPv6Loopback };

        var asked = chain.AskAsync("example.org", RecordType.AAAA);
        late.SetResult();

        Assert.Single((await asked)!.Answer);
    }

    [Fact]
    public async Task Counts_what_it_translated()
    {
        var chain = Chain("dns64", A());

        await AskAsync(chain);
        await chain.AskAsync("example.org");

        Assert.Equal(1, chain.Metrics.Counter("coredns_dns64_requests_translated_total", "", "server").With("dns://:53").Value);
    }

    [Fact]
    public void Warns_of_options_without_effect()
    {
        var log = new KeptLog();
        _ = new ChainHarness(".:53 {\n dns64 64:ff9b::/96 {\n translate_all\n }\n}\n", loggers: log);
        Assert.StartsWith("Warning plugin/dns64: Corefile:3: translate_all ", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dns64 1.2.3.0/24", 2)]
    [InlineData("dns64 64:ff9b::/97", 2)]
    [InlineData("dns64 64:ff9b::/72", 2)]
    [InlineData("dns64 64:ff9b::", 2)]
    [InlineData("dns64 ::ffff:0:0/96", 2)]
    [InlineData("dns64 64:ff9b::/96 64:ff9b::/96", 2)]
    [InlineData("dns64 {\n nothing\n }", 3)]
    [InlineData("dns64 {\n prefix\n }", 3)]
    public void Refuses_what_is_no_prefix_or_option(string directive, int line) =>
        Assert.Equal(line, Assert.Throws<CorefileException>(() => new ChainHarness($".:53 {{\n {directive}\n}}\n")).Line);

    [Fact]
    public void Allocates_nothing() => Assert.Equal(0, Chain("dns64", A()).MeasureAllocation("example.org", RecordType.AAAA));

    private static async Task<WireMessage> AskAsync(ChainHarness chain, string name = "example.org") =>
        (await chain.AskAsync(name, RecordType.AAAA))!;

    private static ChainHarness Chain(string directive, Action<QueryContext> answer) =>
        new($".:53 {{\n {directive}\n}}\n", new FakeHandler((QueryContext query) =>
        {
            query.Response.Begin("test", authoritative: true);
            answer(query);
        }))
        { Client = IPAddress.IPv6Loopback };

    private static Action<QueryContext> A() => static query =>
    {
        if (query.Type is RecordType.A)
        {
            query.Response.AddAnswer(NameRef.QueryName, RecordType.A, 60, IPv4);
        }
    };

    private static Action<QueryContext> Both(byte[] address) => query =>
    {
        if (query.Type is RecordType.A or RecordType.AAAA)
        {
            query.Response.AddAnswer(NameRef.QueryName, query.Type, 60, query.Type is RecordType.A ? IPv4 : address);
        }
    };
}
