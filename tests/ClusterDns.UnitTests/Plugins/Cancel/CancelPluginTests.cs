using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Transports;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Cancel;

public sealed class CancelPluginTests
{
    private long _deadline;

    [Theory]
    [InlineData("cancel", 5001)]
    [InlineData("cancel 1s", 1000)]
    [InlineData("cancel 250ms", 250)]
    public async Task Says_when_work_on_a_query_ends(string directive, int milliseconds)
    {
        var time = new FakeTimeProvider();
        var chain = new ChainHarness($".:53 {{\n {directive}\n}}\n", new FakeHandler(Answer), time);

        await chain.AskAsync("example.org");

        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), time.GetElapsedTime(time.GetTimestamp(), _deadline));
    }

    // The longest duration there is, counted from now, is later than any timestamp.
    [Fact]
    public async Task Takes_the_longest_duration_for_never()
    {
        var chain = new ChainHarness(".:53 {\n cancel 2562047h47m16.8s\n}\n", new FakeHandler(Answer));

        await chain.AskAsync("example.org");

        Assert.True(_deadline > chain.Services.Time.GetTimestamp());
    }

    [Theory]
    [InlineData("cancel soon")]
    [InlineData("cancel -1s")]
    [InlineData("cancel 1s 2s")]
    public void Refuses_what_is_no_duration(string directive)
    {
        var mistake = Assert.Throws<CorefileException>(() => new ChainHarness($".:53 {{\n {directive}\n}}\n"));
        Assert.Equal(2, mistake.Line);
    }

    [Fact]
    public void Allocates_nothing() =>
        Assert.Equal(0, new ChainHarness(".:53 {\n cancel\n}\n", new FakeHandler(Answer)).MeasureAllocation("example.org"));

    private void Answer(QueryContext query)
    {
        _deadline = query.Deadline;
        query.Response.Fail(ResponseCode.NXDomain, "test");
    }
}
