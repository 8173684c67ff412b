using ClusterDns.Core.Corefile;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Erratic;

public sealed class ErraticPluginTests
{
    [Theory]
    [InlineData("", "-+-+-+-+")]
    [InlineData("{\n drop 3\n }", "-++-++-+")]
    [InlineData("{\n drop 0\n }", "++++++++")]
    [InlineData("{\n drop 1\n }", "--------")]
    public async Task Drops_every_so_many_queries(string block, string expected)
    {
        var chain = new ChainHarness($".:53 {{\n erratic {block}\n}}\n");
        var seen = "";
        foreach (var _ in expected)
        {
            seen += await chain.AskAsync("example.org") is null ? '-' : '+';
        }

        Assert.Equal(expected, seen);
    }

    [Theory]
    [InlineData(RecordType.A, "example.org. 0 IN A 192.0.2.53")]
    [InlineData(RecordType.AAAA, "example.org. 0 IN AAAA 2001:db8::53")]
    public async Task Answers_addresses(RecordType type, string record)
    {
        var reply = await new ChainHarness(".:53 {\n erratic {\n drop 0\n }\n}\n").AskAsync("example.org", type);
        Assert.Equal(record, Assert.Single(reply!.Answer).ToString());
    }

    [Fact]
    public async Task Fails_for_other_types()
    {
        var reply = await new ChainHarness(".:53 {\n erratic {\n drop 0\n }\n}\n").AskAsync("example.org", RecordType.TXT);
        Assert.Equal((int)ResponseCode.ServFail, reply!.ResponseCode);
    }

    [Fact]
    public async Task Answers_thirty_records_where_told_to_be_large()
    {
        var chain = new ChainHarness(".:53 {\n erratic {\n drop 0\n large\n }\n}\n");
        Assert.Equal(30, (await chain.AskAsync("example.org", edns: 1232))!.Answer.Count);
    }

    [Fact]
    public async Task Truncates_by_the_bits_of_the_number()
    {
        var chain = new ChainHarness(".:53 {\n erratic {\n drop 0\n truncate 1\n }\n}\n");

        Assert.True((await chain.AskAsync("example.org"))!.Truncated);
        Assert.False((await chain.AskAsync("example.org"))!.Truncated);
        Assert.True((await chain.AskAsync("example.org"))!.Truncated);
    }

    [Fact]
    public async Task Delays_for_as_long_as_it_is_told()
    {
        var time = new FakeTimeProvider();
        var chain = new ChainHarness(".:53 {\n erratic {\n drop 0\n delay 2 50ms\n }\n}\n", time: time);

        var delayed = chain.AskAsync("example.org");
        time.Advance(TimeSpan.FromMilliseconds(49));
        Assert.False(delayed.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Single((await delayed)!.Answer);

        Assert.True(chain.AskAsync("example.org").IsCompleted);
    }

    [Fact]
    public async Task Is_ready_behind_the_third_query_and_not_behind_the_fifth()
    {
        var chain = new ChainHarness(".:53 {\n erratic\n}\n");
        var (_, isReady) = Assert.Single(chain.Block.Readiness);
        var seen = "";
        for (var asked = 0; asked < 6; asked++)
        {
            seen += isReady() ? '+' : '-';
            await chain.AskAsync("example.org");
        }

        Assert.Equal("---++-", seen);
    }

    [Theory]
    [InlineData("drop x")]
    [InlineData("drop -1")]
    [InlineData("delay 1 soon")]
    [InlineData("nothing")]
    public void Refuses_what_it_does_not_know(string property)
    {
        var mistake = Assert.Throws<CorefileException>(() => new ChainHarness($".:53 {{\n erratic {{\n {property}\n }}\n}}\n"));
        Assert.Equal(3, mistake.Line);
    }

    [Fact]
    public void Allocates_nothing() =>
        Assert.Equal(0, new ChainHarness(".:53 {\n erratic {\n drop 0\n }\n}\n").MeasureAllocation("example.org"));
}
