using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Transports;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Header;

public sealed class HeaderPluginTests
{
    private HeaderFlags _seen;

    // The client sends RD; the answer has AA.
    [Theory]
    [InlineData("response set ra", "AA RD RA")]
    [InlineData("response clear aa rd", "")]
    [InlineData("response set ra\n response clear ra", "AA RD")]
    [InlineData("set RA", "AA RD RA")]
    [InlineData("query clear rd", "AA")]
    [InlineData("query clear rd\n response set rd", "AA RD")]
    public async Task Changes_the_flags_of_a_response(string rules, string expected) =>
        Assert.Equal(expected, Flags((await Chain(rules).AskAsync("example.org"))!.Bits));

    [Theory]
    [InlineData("query clear rd", HeaderFlags.None)]
    [InlineData("query set ra aa", HeaderFlags.RecursionDesired | HeaderFlags.RecursionAvailable | HeaderFlags.Authoritative)]
    [InlineData("query set ra\n query clear ra", HeaderFlags.RecursionDesired)]
    [InlineData("response set ra", HeaderFlags.RecursionDesired)]
    public async Task Changes_the_flags_that_the_rest_of_the_chain_sees(string rules, HeaderFlags expected)
    {
        await Chain(rules).AskAsync("example.org");

        Assert.Equal(expected, _seen);
    }

    [Fact]
    public async Task Leaves_a_bare_failure_as_it_is()
    {
        var chain = new ChainHarness(
            Corefile("response set ra aa"),
            new FakeHandler(static (QueryContext query) => query.Response.Fail(ResponseCode.ServFail, "test")));

        Assert.Equal("RD", Flags((await chain.AskAsync("example.org"))!.Bits));
    }

    [Theory]
    [InlineData("header", 2)]
    [InlineData("header {\n }", 2)]
    [InlineData("header {\n answer set aa\n }", 3)]
    [InlineData("header {\n response set tc\n }", 3)]
    [InlineData("header {\n response flip aa\n }", 3)]
    [InlineData("header {\n response set\n }", 3)]
    [InlineData("header {\n query\n }", 3)]
    [InlineData("header {\n set\n }", 3)]
    public void Refuses_what_is_no_rule(string directive, int line) =>
        Assert.Equal(line, Assert.Throws<CorefileException>(() => new ChainHarness($".:53 {{\n {directive}\n}}\n")).Line);

    [Fact]
    public void Warns_of_the_old_form()
    {
        var log = new KeptLog();

        _ = new ChainHarness(Corefile("set ra"), loggers: log);

        Assert.StartsWith("Warning plugin/header: Corefile:3: ", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Allocates_nothing() =>
        Assert.Equal(0, Chain("query clear rd\n response set ra").MeasureAllocation("example.org"));

    private ChainHarness Chain(string rules) => new(Corefile(rules), new FakeHandler((QueryContext query) =>
    {
        _seen = query.Flags;
        query.Response.Begin("test", authoritative: true);
    }));

    private static string Corefile(string rules) => $".:53 {{\n header {{\n {rules}\n }}\n}}\n";

    private static string Flags(ushort bits) =>
        string.Join(' ', new[] { (0x400, "AA"), (0x200, "TC"), (0x100, "RD"), (0x80, "RA") }
            .Where(flag => (bits & flag.Item1) != 0).Select(static flag => flag.Item2));
}
