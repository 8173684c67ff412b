using ClusterDns.Core.Corefile;
using ClusterDns.Protocol.Messages;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Transports;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Errors;

public sealed class ErrorsPluginTests
{
    private const string Timeout = "read udp 192.0.2.1:53: i/o timeout";

    private readonly FakeTimeProvider _time = new();
    private readonly KeptLog _log = new();
    private string? _error = Timeout;

    [Fact]
    public async Task A_failure_is_told_with_code_name_and_type()
    {
        await AskAsync(Chain("errors"));
        Assert.Equal($"Error plugin/errors: 2 www.example.org. A: {Timeout}", Assert.Single(_log.Lines));
    }

    [Fact]
    public async Task Nothing_is_told_of_what_did_not_fail()
    {
        _error = null;
        await AskAsync(Chain("errors"));
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task Errors_of_one_kind_are_told_once_when_the_time_is_over()
    {
        var chain = Chain("errors stdout {\n consolidate 1m \"timeout$\" warning\n }");
        await AskAsync(chain, times: 3);
        _error = "other";
        await AskAsync(chain);
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal("Error plugin/errors: 2 www.example.org. A: other", Assert.Single(_log.Lines));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("Warning plugin/errors: 3 errors like 'timeout$' occurred in last 1m0s", _log.Lines[1]);

        // The time starts with the next error, not with the end of the last period.
        _time.Advance(TimeSpan.FromHours(1));
        _error = Timeout;
        await AskAsync(chain);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("Warning plugin/errors: 1 errors like 'timeout$' occurred in last 1m0s", _log.Lines[2]);
        Assert.Equal(3, _log.Lines.Length);
    }

    [Fact]
    public async Task The_first_one_can_be_shown()
    {
        var chain = Chain("errors {\n consolidate 1m timeout info show_first\n }");
        await AskAsync(chain);
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal($"Information plugin/errors: 2 www.example.org. A: {Timeout}", Assert.Single(_log.Lines));
        await AskAsync(chain, times: 2);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("Information plugin/errors: 2 errors like 'timeout' occurred in last 1m0s", _log.Lines[^1]);
        Assert.Equal(3, _log.Lines.Length);
    }

    [Fact]
    public async Task The_first_pattern_that_matches_counts()
    {
        var chain = Chain("errors {\n consolidate 1m \"^read\" debug\n consolidate 1m timeout\n }");
        await AskAsync(chain);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("Debug plugin/errors: 1 errors like '^read' occurred in last 1m0s", Assert.Single(_log.Lines));
    }

    [Fact]
    public async Task What_was_counted_is_told_at_the_end_of_the_plan()
    {
        var chain = Chain("errors {\n consolidate 1m timeout\n }");
        await AskAsync(chain, times: 2);
        await Assert.Single(chain.Block.Shutdown)();
        Assert.Equal("Error plugin/errors: 2 errors like 'timeout' occurred in last 1m0s", Assert.Single(_log.Lines));
    }

    [Theory]
    [InlineData("errors stderr", 2)]
    [InlineData("errors {\n nosuch\n }", 3)]
    [InlineData("errors {\n consolidate 1m\n }", 3)]
    [InlineData("errors {\n consolidate x timeout\n }", 3)]
    [InlineData("errors {\n consolidate 10000h timeout\n }", 3)]
    [InlineData("errors {\n consolidate 1m (\n }", 3)]
    [InlineData("errors {\n consolidate 1m a fatal\n }", 3)]
    [InlineData("errors\n errors", 3)]
    public void Mistakes_are_named_with_their_line(string directive, int line) =>
        Assert.Equal(line, Assert.Throws<CorefileException>(() => Chain(directive)).Line);

    private static async Task AskAsync(ChainHarness chain, int times = 1)
    {
        for (var time = 0; time < times; time++)
        {
            await chain.AskAsync("www.example.org");
        }
    }

    private ChainHarness Chain(string directive) => new(
        $".:53 {{\n {directive}\n}}\n", new FakeHandler(query => query.Response.Fail(ResponseCode.ServFail, "fake", _error)), _time, _log);
}
