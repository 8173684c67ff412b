using System.Text;
using ClusterDns.Core.Corefile;
using ClusterDns.Plugins.Health;
using ClusterDns.Testing.Chains;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Health;

public sealed class HealthDirectiveTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly KeptLog _log = new();

    [Fact]
    public void A_process_that_answers_is_healthy()
    {
        var reply = Chain("health").Get("/health");
        Assert.Equal((200, "OK"), (reply.Status, Encoding.UTF8.GetString(reply.Body.Span)));
    }

    [Fact]
    public async Task The_end_waits_for_the_lameduck()
    {
        var end = Assert.Single(Chain("health {\n lameduck 5s\n }").Block.FinalShutdown)().AsTask();
        Assert.Equal("Information plugin/health: Going into lameduck mode for 5s", Assert.Single(_log.Lines));
        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(end.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        await end;
    }

    [Fact]
    public void Without_lameduck_nothing_waits() => Assert.Empty(Chain("health :8081").Block.FinalShutdown);

    [Fact]
    public void Drain_says_how_long_and_how_quiet()
    {
        Assert.Null(Chain("health").Block.Find<DrainOptions>());
        Assert.Equal(
            DrainOptions.Default with { Longest = TimeSpan.FromSeconds(10) }, Chain("health {\n drain 10s\n }").Block.Find<DrainOptions>());
        Assert.Equal(
            new DrainOptions(TimeSpan.Zero, TimeSpan.FromSeconds(2)), Chain("health {\n drain 0 2s\n }").Block.Find<DrainOptions>());
    }

    [Theory]
    [InlineData("health {\n drain\n }", 3)]
    [InlineData("health {\n drain 1s 1s 1s\n }", 3)]
    [InlineData("health {\n drain -1s\n }", 3)]
    [InlineData("health nosuch:80", 2)]
    [InlineData("health :80 :81", 2)]
    [InlineData("health {\n lameduck\n }", 3)]
    [InlineData("health {\n lameduck -5s\n }", 3)]
    [InlineData("health {\n lameduck 10000h\n }", 3)]
    [InlineData("health {\n nosuch\n }", 3)]
    [InlineData("health\n health", 3)]
    public void Mistakes_are_named_with_their_line(string directive, int line) =>
        Assert.Equal(line, Assert.Throws<CorefileException>(() => Chain(directive)).Line);

    private ChainHarness Chain(string directive) => new($".:53 {{\n {directive}\n whoami\n}}\n", time: _time, loggers: _log);
}
