using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Transports;
using ClusterDns.Testing.Wire;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Cache;

/// <summary>What is kept in the form it was sent in, from the third question on, against what is written record by record.</summary>
public sealed class KeptAnswerTests
{
    private const string Name = "www.example.com";

    private static readonly DnsName Zone = DnsName.Parse("example.com");
    private static readonly byte[] Soa =
        [.. DnsName.Parse("ns.dns.example.com").Wire, .. DnsName.Parse("hostmaster.example.com").Wire, .. new byte[20]];

    private readonly FakeTimeProvider _time = new();

    public static TheoryData<string> Shapes => new(Answers.Keys);

    private static Dictionary<string, Action<Response>> Answers { get; } = new()
    {
        ["address"] = static response => Addresses(response, 1),
        ["addresses"] = static response => Addresses(response, 9),
        ["as much as is kept"] = static response => Addresses(response, 31),
        ["more than is kept"] = static response => Addresses(response, 60),
        ["alias"] = static response =>
        {
            var target = DnsName.Parse("b.Example.com");
            response.AddAnswer(NameRef.QueryName, RecordType.CNAME, 60, target.Wire);
            response.AddAnswer(target, RecordType.A, 60, [10, 0, 0, 1]);
        },
        ["service"] = static response =>
        {
            var target = DnsName.Parse("a.b.example.com");
            response.AddAnswer(NameRef.QueryName, RecordType.SRV, 60, [0, 0, 0, 100, 0, 80, .. target.Wire]);
            response.AddAdditional(target, RecordType.A, 60, [10, 0, 0, 1]);
            response.AddAdditional(target, RecordType.AAAA, 60, new byte[16]);
        },
        ["no data"] = static response => response.AddAuthority(Zone, RecordType.SOA, 60, Soa),
        ["no such name"] = static response =>
        {
            response.Code = ResponseCode.NXDomain;
            response.AddAuthority(Zone, RecordType.SOA, 60, Soa);
        },
        ["delegation"] = static response =>
        {
            response.AddAuthority(Zone, RecordType.NS, 60, DnsName.Parse("ns1.example.net").Wire);
            response.AddAuthority(Zone, RecordType.NS, 60, DnsName.Parse("ns2.example.net").Wire);
        },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task An_answer_is_the_same_octets_however_often_it_is_asked_for(string shape)
    {
        var chain = Chain("cache", shape);
        var request = ChainHarness.Question(Name, RecordType.A, edns: 4096);
        await AskAsync(chain, request);

        var written = await AskAsync(chain, request);
        Assert.Equal(written, await AskAsync(chain, request));
        Assert.Equal(written, await AskAsync(chain, request));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task TTLs_go_down_in_what_is_kept_as_it_was_sent(string shape)
    {
        var chain = Chain("cache", shape);
        var first = Ttls(await chain.AskAsync(Name, edns: 4096));
        await chain.AskAsync(Name, edns: 4096);
        await chain.AskAsync(Name, edns: 4096);

        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(first.Select(static ttl => ttl - 2), Ttls(await chain.AskAsync(Name, edns: 4096)));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Another_case_and_a_client_without_EDNS_get_the_same_records(string shape)
    {
        var chain = Chain("cache", shape);
        var first = await chain.AskAsync(Name, edns: 4096);
        await chain.AskAsync(Name, edns: 4096);

        var plain = await chain.AskAsync(Name);
        var upper = await chain.AskAsync(Name.ToUpperInvariant(), edns: 4096);
        if (shape.EndsWith("is kept", StringComparison.Ordinal))
        {
            Assert.True(plain!.Truncated);
        }
        else
        {
            Assert.Equal(Lines(first), Lines(plain));
        }

        Assert.Null(plain!.Opt);
        Assert.NotNull(upper!.Opt);
        Assert.Equal("WWW.EXAMPLE.COM.", upper.Questions[0].Name.ToString());
        Assert.Equal(Lines(first), Lines(upper));
    }

    [Fact]
    public async Task A_client_that_takes_less_than_what_is_kept_gets_what_fits()
    {
        var chain = Chain("cache", "as much as is kept");
        for (var times = 0; times < 3; times++)
        {
            Assert.Equal(31, (await chain.AskAsync(Name, edns: 4096))!.Answer.Count);
        }

        // 12 + 21 octets, and 16 for each address, of 512.
        var reply = await chain.AskAsync(Name);
        Assert.True(reply!.Truncated);
        Assert.Equal(29, reply.Answer.Count);
    }

    [Theory]
    [InlineData("rewrite name www.example.com api.example.com")]
    [InlineData("rewrite name www.example.com api.example.com answer auto")]
    public async Task A_renamed_question_is_answered_with_records_of_its_own_name(string rewrite)
    {
        var chain = Chain($"{rewrite}\n cache", "alias");
        for (var times = 0; times < 3; times++)
        {
            // What is kept of the name behind the rule must not be what is written for the one before it.
            var direct = await chain.AskAsync("api.example.com");
            var renamed = await chain.AskAsync("www.example.com");
            Assert.Equal("api.example.com.", direct!.Answer[0].Owner.ToString());
            Assert.Equal("www.example.com.", renamed!.Answer[0].Owner.ToString());
            Assert.Equal(direct.Answer[1].ToString(), renamed.Answer[1].ToString());
        }
    }

    [Fact]
    public async Task Addresses_stay_a_set_in_every_order()
    {
        var chain = Chain("cache\n loadbalance", "addresses");
        var expected = Lines(await chain.AskAsync(Name, edns: 4096)).Order().ToArray();

        var first = new HashSet<string>();
        for (var times = 0; times < 500; times++)
        {
            var lines = Lines(await chain.AskAsync(Name, edns: 4096));
            first.Add(lines[0]);
            Assert.Equal(expected, lines.Order());
        }

        // That one of nine never comes first in 500 answers is as likely as 10 to the power of -24.
        Assert.Equal(9, first.Count);
    }

    [Fact]
    public async Task A_plugin_that_looks_at_the_records_after_they_were_shuffled_sees_all_of_them()
    {
        var chain = Chain("dns64 {\n allow_ipv4\n}\n loadbalance\n cache", "addresses");
        for (var times = 0; times < 4; times++)
        {
            var reply = await chain.AskAsync(Name, RecordType.AAAA, edns: 4096);
            Assert.Equal(9, reply!.Answer.Select(static record => record.ToString()).Distinct().Count());
            Assert.All(reply.Answer, static record => Assert.Equal(RecordType.AAAA, (RecordType)record.Type));
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void An_answer_that_is_kept_allocates_nothing(string shape) =>
        Assert.Equal(0, Chain("cache\n loadbalance", shape).MeasureAllocation(ChainHarness.Question(Name, RecordType.A, edns: 4096)));

    private static void Addresses(Response response, int count)
    {
        for (var last = 1; last <= count; last++)
        {
            response.AddAnswer(NameRef.QueryName, RecordType.A, 60, [10, 0, 0, (byte)last]);
        }
    }

    private static string[] Lines(WireMessage? reply) =>
        [.. reply!.Answer.Concat(reply.Authority).Concat(reply.Additional).Select(static record => record.ToString().ToUpperInvariant())];

    private static uint[] Ttls(WireMessage? reply) =>
        [.. reply!.Answer.Concat(reply.Authority).Concat(reply.Additional).Select(static record => record.Ttl)];

    private static async Task<byte[]> AskAsync(ChainHarness chain, byte[] request)
    {
        var query = new QueryContext();
        Assert.True(await chain.RunAsync(query, request));
        var buffer = new byte[4096];
        return buffer[..ResponseWriter.ForThread.Write(query, buffer)];
    }

    private ChainHarness Chain(string directives, string shape) => new(
        $".:53 {{\n {directives}\n}}\n",
        new FakeHandler(query =>
        {
            query.Response.Begin("test", authoritative: true);
            Answers[query.Type is RecordType.AAAA ? "no data" : shape](query.Response);
        }),
        _time);
}
