using System.Net;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Edns;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Transports;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Acl;

public sealed class AclPluginTests
{
    private static readonly byte[] Address = [192, 0, 2, 1];

    private int _answered;

    [Theory]
    [InlineData("block", ResponseCode.Refused, ExtendedDnsError.Blocked)]
    [InlineData("BLOCK", ResponseCode.Refused, ExtendedDnsError.Blocked)]
    [InlineData("filter", ResponseCode.NoError, ExtendedDnsError.Filtered)]
    public async Task Denies_and_says_why(string action, ResponseCode code, ExtendedDnsError error)
    {
        var reply = await Chain($"acl {{\n {action}\n }}").AskAsync("example.org", edns: 1232);

        Assert.Equal((int)code, reply!.ResponseCode);
        Assert.Empty(reply.Answer);
        Assert.Equal(0x0100, reply.Bits & 0x0780);
        var option = Assert.Single(reply.Opt!.Options);
        Assert.Equal(15, option.Code);
        Assert.Equal([0, (byte)error], option.Value);
        Assert.False(reply.Opt.Do);
    }

    [Fact]
    public async Task Sends_no_OPT_to_a_client_that_sent_none() =>
        Assert.Null((await Chain("acl {\n block\n }").AskAsync("example.org"))!.Opt);

    [Fact]
    public async Task Drops_without_an_answer() => Assert.Null(await Chain("acl {\n drop\n }").AskAsync("example.org"));

    [Fact]
    public async Task Decides_by_the_first_line_that_fits()
    {
        var chain = Chain("acl {\n allow type A net 10.0.0.0/8\n filter type A MX net *\n block type *\n }");

        Assert.Equal("filtered", await AskAsync(chain, "192.0.2.1", RecordType.A));
        Assert.Equal("answered", await AskAsync(chain, "10.1.2.3", RecordType.A));
        Assert.Equal("filtered", await AskAsync(chain, "10.1.2.3", RecordType.MX));
        Assert.Equal("blocked", await AskAsync(chain, "10.1.2.3", RecordType.TXT));
    }

    [Fact]
    public async Task Allowing_ends_all_rules()
    {
        var chain = Chain("acl {\n allow net 10.0.0.1\n }\n acl {\n block\n }");

        Assert.Equal("answered", await AskAsync(chain, "10.0.0.1", RecordType.A));
        Assert.Equal("blocked", await AskAsync(chain, "10.0.0.2", RecordType.A));
    }

    [Theory]
    [InlineData("allow net 10.0.0.0/8 type A\n block", "10.0.0.1", RecordType.A, "answered")]
    [InlineData("allow type A type TXT net 10.0.0.1 net 10.0.0.2\n block", "10.0.0.2", RecordType.TXT, "answered")]
    [InlineData("allow net 10.0.0.1 *\n block", "203.0.113.1", RecordType.A, "answered")]
    [InlineData("allow TYPE * A NET ::1\n block", "::1", RecordType.TXT, "answered")]
    [InlineData("allow net ::1\n block", "127.0.0.1", RecordType.A, "blocked")]
    [InlineData("block net 127.0.0.0/8", "::ffff:127.0.0.1", RecordType.A, "blocked")]
    [InlineData("block net ::ffff:127.0.0.0/104", "127.0.0.1", RecordType.A, "blocked")]
    [InlineData("block net fe80::/10", "fe80::1%3", RecordType.A, "blocked")]
    public async Task Reads_sections_in_any_order_and_number(string lines, string client, RecordType type, string expected) =>
        Assert.Equal(expected, await AskAsync(Chain($"acl {{\n {lines}\n }}"), client, type));

    // By labels from the right, never by order or ends of strings.
    [Theory]
    [InlineData("bad.test", "blocked")]
    [InlineData("a.BAD.test", "blocked")]
    [InlineData("notbad.test", "answered")]
    [InlineData("bad.test.example", "answered")]
    [InlineData("test", "answered")]
    [InlineData("good.bad.test", "answered")]
    [InlineData("x.good.bad.test", "answered")]
    [InlineData("ogood.bad.test", "blocked")]
    public async Task Compares_zones_label_by_label(string name, string expected)
    {
        var chain = Chain("acl good.bad.test {\n allow\n }\n acl bad.test {\n block\n }");
        Assert.Equal(expected, await AskAsync(chain, "10.0.0.1", RecordType.A, name));
    }

    [Fact]
    public async Task Counts_under_the_longest_zone()
    {
        var chain = Chain("acl test bad.test a.test {\n block\n }");

        await chain.AskAsync("x.bad.test");

        var blocked = chain.Metrics.Counter("coredns_acl_blocked_requests_total", "", "server", "zone", "view");
        Assert.Equal(1, blocked.With("dns://:53", "bad.test.", "").Value);
        Assert.Equal(["bad.test."], blocked.Series.Select(static series => series.Values[1]));
    }

    [Fact]
    public async Task Counts_what_it_does()
    {
        var chain = Chain("acl b.test {\n block\n }\n acl f.test {\n filter\n }\n acl d.test {\n drop\n }");
        foreach (var name in (string[])["b.test", "f.test", "f.test", "d.test", "example.org"])
        {
            await chain.AskAsync(name);
        }

        Assert.Equal(1, Count("blocked", "b.test."));
        Assert.Equal(2, Count("filtered", "f.test."));
        Assert.Equal(1, Count("dropped", "d.test."));
        Assert.Equal(1, chain.Metrics.Counter("coredns_acl_allowed_requests_total", "", "server", "view").With("dns://:53", "").Value);

        long Count(string what, string zone) => chain.Metrics
            .Counter($"coredns_acl_{what}_requests_total", "", "server", "zone", "view").With("dns://:53", zone, "").Value;
    }

    [Theory]
    // What is denied is denied under a name that leads there, and under its own that leads away.
    [InlineData("rewrite name alias.test secret.test", "acl secret.test {\n block\n }", "alias.test", "blocked")]
    [InlineData("rewrite name secret.test plain.test", "acl secret.test {\n block\n }", "secret.test", "blocked")]
    [InlineData("rewrite name secret.test plain.test", "acl {\n allow net 192.0.2.0/24\n block type A\n }", "secret.test", "blocked")]
    // What is allowed is what is looked for: the client's own name opens nothing.
    [InlineData("rewrite name open.test secret.test", "acl open.test {\n allow\n }\n acl {\n block\n }", "open.test", "blocked")]
    [InlineData("rewrite name alias.test open.test", "acl open.test {\n allow\n }\n acl {\n block\n }", "alias.test", "answered")]
    // A client that its own name is allowed to is not denied it by a later rule.
    [InlineData("rewrite name secret.test plain.test", "acl secret.test {\n allow net 10.0.0.1\n }\n acl secret.test {\n block\n }", "secret.test", "answered")]
    [InlineData("rewrite name a.test b.test", "acl c.test {\n block\n }", "a.test", "answered")]
    public async Task Sees_the_name_before_and_after_a_rewrite(string rewrite, string acl, string name, string expected) =>
        Assert.Equal(expected, await AskAsync(Chain($"{acl}\n {rewrite}"), "10.0.0.1", RecordType.A, name));

    [Fact]
    public async Task Stands_before_the_cache_that_all_clients_share()
    {
        var chain = Chain("cache\n acl {\n block net 10.0.0.2\n filter net 10.0.0.3\n }");

        Assert.Equal("answered", await AskAsync(chain, "10.0.0.1", RecordType.A));
        Assert.Equal("blocked", await AskAsync(chain, "10.0.0.2", RecordType.A));
        Assert.Equal("filtered", await AskAsync(chain, "10.0.0.3", RecordType.A));
        Assert.Equal("answered", await AskAsync(chain, "10.0.0.1", RecordType.A));
        Assert.Equal(1, _answered);
    }

    [Theory]
    [InlineData("reject")]
    [InlineData("block 10.0.0.0/8")]
    [InlineData("block net")]
    [InlineData("block type net 10.0.0.0/8")]
    [InlineData("block net 1.2.3")]
    [InlineData("block net 10.0.0.0/33")]
    [InlineData("block net ::ffff:10.0.0.0/24")]
    [InlineData("block net eth0")]
    [InlineData("block type NOTHING")]
    [InlineData("block type a")]
    public void Refuses_what_is_no_policy(string line) =>
        Assert.Equal(3, Assert.Throws<CorefileException>(() => Chain($"acl {{\n {line}\n }}")).Line);

    [Theory]
    [InlineData("block")]
    [InlineData("filter")]
    [InlineData("allow")]
    public void Allocates_nothing(string action) => Assert.Equal(
        0,
        Chain($"acl a.test b.test {{\n {action} type A TXT net 10.0.0.0/8 127.0.0.1 ::1\n }}").MeasureAllocation("x.a.test"));

    private static async Task<string> AskAsync(ChainHarness chain, string client, RecordType type, string name = "example.org")
    {
        chain.Client = IPAddress.Parse(client);
        var reply = (await chain.AskAsync(name, type))!;
        return reply.ResponseCode == (int)ResponseCode.Refused ? "blocked" : reply.Answer.Count > 0 ? "answered" : "filtered";
    }

    private ChainHarness Chain(string directives) => new($".:53 {{\n {directives}\n}}\n", new FakeHandler((QueryContext query) =>
    {
        _answered++;
        query.Response.Begin("test", authoritative: true);
        query.Response.Answer.Add(new ResponseRecord(NameRef.QueryName, query.Type, RecordClass.IN, 60, Address, 0, Address.Length));
    }));
}
