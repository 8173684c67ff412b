using System.Text;
using ClusterDns.Core.Corefile;
using ClusterDns.Testing.Chains;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Ready;

public sealed class ReadyDirectiveTests
{
    private readonly KeptLog _log = new();

    [Fact]
    public void Nothing_to_wait_for_is_ready() => Assert.Equal((200, "OK"), Get(Chain("ready")));

    [Fact]
    public void Those_that_are_not_ready_are_named()
    {
        var chain = Chain("ready");
        chain.Block.AddReadiness("kubernetes", static () => false);
        chain.Block.AddReadiness("erratic", static () => false);
        chain.Block.AddReadiness("other", static () => true);
        Assert.Equal((503, "erratic,kubernetes"), Get(chain));
        Assert.Equal("Information plugin/ready: Plugins not ready: \"erratic,kubernetes\"", Assert.Single(_log.Lines));
    }

    [Theory]
    [InlineData("ready", 200)]
    [InlineData("ready {\n monitor until-ready\n }", 200)]
    [InlineData("ready {\n monitor continuously\n }", 503)]
    public void What_was_ready_once_is_asked_again_only_continuously(string directive, int expected)
    {
        var isReady = false;
        var chain = Chain(directive);
        chain.Block.AddReadiness("kubernetes", () => isReady);
        Assert.Equal(503, Get(chain).Status);
        isReady = true;
        Assert.Equal(200, Get(chain).Status);
        isReady = false;
        Assert.Equal(expected, Get(chain).Status);
    }

    [Fact]
    public void Each_is_ready_for_itself()
    {
        bool first = true, second = false;
        var chain = Chain("ready");
        chain.Block.AddReadiness("a", () => first);
        chain.Block.AddReadiness("b", () => second);
        Assert.Equal((503, "b"), Get(chain));
        first = false;
        Assert.Equal((503, "b"), Get(chain));
        second = true;
        Assert.Equal((200, "OK"), Get(chain));
    }

    [Fact]
    public async Task A_process_that_ends_is_not_ready()
    {
        var chain = Chain("ready");
        await Assert.Single(chain.Block.FinalShutdown)();
        Assert.Equal((503, "Shutting down"), Get(chain));
    }

    [Theory]
    [InlineData("ready 8181", 2)]
    [InlineData("ready a b", 2)]
    [InlineData("ready {\n monitor sometimes\n }", 3)]
    [InlineData("ready {\n nosuch\n }", 3)]
    [InlineData("ready\n ready", 3)]
    public void Mistakes_are_named_with_their_line(string directive, int line) =>
        Assert.Equal(line, Assert.Throws<CorefileException>(() => Chain(directive)).Line);

    private ChainHarness Chain(string directive) => new($".:53 {{\n {directive}\n whoami\n}}\n", loggers: _log);

    private static (int Status, string Body) Get(ChainHarness chain)
    {
        var reply = chain.Get("/ready");
        return (reply.Status, Encoding.UTF8.GetString(reply.Body.Span));
    }
}
