using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Transports;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Bufsize;

public sealed class BufsizePluginTests
{
    private RequestEdns _seen;
    private int _limit;

    [Theory]
    [InlineData("bufsize", 4096, 1232)]
    [InlineData("bufsize", 1232, 1232)]
    [InlineData("bufsize", 1000, 1000)]
    [InlineData("bufsize 512", 65535, 512)]
    [InlineData("bufsize 4096", 8192, 4096)]
    [InlineData("bufsize 700\n bufsize 800", 8192, 700)]
    public async Task Lowers_the_size_that_the_rest_of_the_chain_sees(string directive, int sent, int seen)
    {
        await Chain(directive).AskAsync("example.org", edns: (ushort)sent);

        Assert.Equal(seen, _seen.PayloadSize);
        Assert.Equal(seen, _limit);
    }

    [Fact]
    public async Task Adds_no_OPT_to_a_query_without_one()
    {
        await Chain("bufsize 512").AskAsync("example.org");

        Assert.False(_seen.IsPresent);
    }

    [Fact]
    public async Task Cuts_a_response_to_the_lowered_size()
    {
        var text = new byte[200];
        text[0] = 199;
        var chain = new ChainHarness(".:53 {\n bufsize 700\n}\n", new FakeHandler((QueryContext query) =>
        {
            query.Response.Begin("test", authoritative: true);
            for (var count = 0; count < 5; count++)
            {
                query.Response.AddAnswer(NameRef.QueryName, RecordType.TXT, 60, text);
            }
        }));

        Assert.True((await chain.AskAsync("example.org", RecordType.TXT, edns: 4096))!.Truncated);
    }

    [Theory]
    [InlineData("bufsize 511")]
    [InlineData("bufsize 4097")]
    [InlineData("bufsize x")]
    [InlineData("bufsize 512 513")]
    public void Refuses_what_is_no_size(string directive) =>
        Assert.Equal(2, Assert.Throws<CorefileException>(() => Chain(directive)).Line);

    [Fact]
    public void Allocates_nothing() => Assert.Equal(0, Chain("bufsize").MeasureAllocation("example.org"));

    private ChainHarness Chain(string directive) => new($".:53 {{\n {directive}\n}}\n", new FakeHandler((QueryContext query) =>
    {
        _seen = query.Edns;
        _limit = query.MaxResponseSize;
        query.Response.Fail(ResponseCode.NXDomain, "test");
    }));
}
