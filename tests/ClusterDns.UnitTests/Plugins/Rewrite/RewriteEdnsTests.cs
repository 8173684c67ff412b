using System.Net;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Transports;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Rewrite;

public sealed class RewriteEdnsTests
{
    private RequestEdns _edns;
    private string _options = "";

    [Theory]
    [InlineData("local set 0xffee hello", "", "ffee000568656c6c6f")]
    [InlineData("local set 65518 0x0102", "ffed000101", "ffed000101ffee00020102")]
    [InlineData("local set 0xffee 0x0102", "ffee000100ffed000101", "ffee00020102ffed000101")]
    [InlineData("local set 0xffee 0x", "", "ffee0000")]
    [InlineData("local append 0xffee 0x02", "ffee000101", "ffee000101ffee000102")]
    [InlineData("local replace 0xffee 0x02", "ffee000101", "ffee000102")]
    [InlineData("local replace 0xffee 0x02", "ffed000101", "ffed000101")]
    [InlineData("local unset 0xffee", "ffee000101ffed000102ffee0000", "ffed000102")]
    [InlineData("local unset 0xffee", "ffed000102", "ffed000102")]
    [InlineData("nsid set", "", "00030000")]
    [InlineData("nsid append", "00030000", "0003000000030000")]
    [InlineData("nsid unset", "00030000", "")]
    [InlineData("subnet set 24 56", "", "0008000700011800c00002")]
    [InlineData("subnet set 20 56", "0008000800012000c0000207", "0008000700011400c00000")]
    [InlineData("subnet set 0 0", "", "0008000400010000")]
    [InlineData("subnet unset", "0008000400010000", "")]
    [InlineData("local set 0xffee {qname}", "", "ffee0007612e746573742e")]
    [InlineData("local set 0xffee {qtype}", "", "ffee00020001")]
    [InlineData("local set 0xffee {client_ip}", "", "ffee0004c0000207")]
    [InlineData("local set 0xffee {client_port}", "", "ffee00029c40")]
    [InlineData("local set 0xffee {server_port}", "", "ffee00020035")]
    [InlineData("local set 0xffee {protocol}", "", "ffee0003756470")]
    [InlineData("local set 0xffee {server_ip}", "", "")]
    [InlineData("local set 0xffee {nobody/knows}", "", "")]
    public async Task Changes_the_options_that_steps_behind_see(string rule, string sent, string seen)
    {
        await RunAsync($"rewrite edns0 {rule}", sent);
        Assert.Equal(seen.ToUpperInvariant(), _options);
    }

    [Fact]
    public async Task Cuts_the_address_of_an_IPv6_client()
    {
        await RunAsync("rewrite edns0 subnet set 24 36", "", IPAddress.Parse("2001:db8:ffff::1"));
        Assert.Equal("0008000900022400" + "20010DB8F0", _options);
    }

    [Fact]
    public async Task Goes_on_to_the_next_rule_where_nothing_is_to_be_done()
    {
        await RunAsync("rewrite edns0 local replace 0xffee a\nrewrite edns0 local set 0xffed 0x01", "");
        Assert.Equal("FFED000101", _options);
    }

    [Fact]
    public async Task Adds_EDNS_for_upstreams_and_sends_none_to_a_client_without()
    {
        var chain = Chain("rewrite edns0 nsid set");

        var reply = await chain.AskAsync("a.test");

        Assert.True(_edns.IsPresent);
        Assert.Equal(4096, _edns.PayloadSize);
        Assert.Null(reply!.Opt);
        Assert.NotNull((await chain.AskAsync("a.test", edns: 1232))!.Opt);
        Assert.Equal(1232, _edns.PayloadSize);
    }

    [Theory]
    [InlineData("local set 0xffee 0x02", "", "ffee000102ffed000103")]
    [InlineData("local set 0xffee 0x02 revert", "", "ffed000103")]
    [InlineData("local set 0xffee 0x02 revert", "ffee000101", "ffee000101ffed000103")]
    public async Task Reverts_the_option_in_the_response(string rule, string sent, string received)
    {
        var query = await RunAsync($"rewrite edns0 {rule}", sent, reply: Convert.FromHexString("FFEE000102FFED000103"));

        Assert.Equal(received.ToUpperInvariant(), Convert.ToHexString(query.Response.EdnsOptions.Span));
        Assert.Equal(sent.ToUpperInvariant(), Convert.ToHexString(query.Edns.Options.Span));
    }

    private async Task<QueryContext> RunAsync(string directives, string sent, IPAddress? client = null, byte[]? reply = null)
    {
        var chain = Chain(directives, reply);
        chain.Client = client ?? IPAddress.Parse("192.0.2.7");
        var options = Convert.FromHexString(sent);
        var request = ChainHarness.Question("a.test", RecordType.A, edns: 1232);

        // RDLENGTH of the OPT is the last field.
        request[^1] = (byte)options.Length;
        var query = new QueryContext();
        Assert.True(await chain.RunAsync(query, [.. request, .. options]));
        return query;
    }

    private ChainHarness Chain(string directives, byte[]? reply = null) =>
        new($".:53 {{\n{directives}\n}}\n", new FakeHandler(query =>
        {
            _edns = query.Edns;
            _options = Convert.ToHexString(query.Edns.Options.Span);
            query.Response.Begin("test", authoritative: false);
            query.Response.EdnsOptions = reply;
        }));
}
