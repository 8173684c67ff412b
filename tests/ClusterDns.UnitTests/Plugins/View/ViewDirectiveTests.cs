using System.Net;
using ClusterDns.Core.Corefile;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.View;

public sealed class ViewDirectiveTests
{
    [Theory]
    [InlineData("10.0.0.1", RecordType.A, ResponseCode.NoError)]
    [InlineData("10.0.0.1", RecordType.TXT, ResponseCode.Refused)]
    [InlineData("192.0.2.1", RecordType.A, ResponseCode.Refused)]
    public async Task The_block_serves_only_what_all_expressions_let_in(string client, RecordType type, ResponseCode expected)
    {
        var chain = new ChainHarness(
            ". {\n view a {\n expr incidr(client_ip(), '10.0.0.0/8')\n expr type() == 'A'\n }\n whoami\n}\n")
        { Client = IPAddress.Parse(client) };

        Assert.Equal((int)expected, (await chain.AskAsync("example.org", type))!.ResponseCode);
    }

    [Fact]
    public async Task Labels_are_collected_before_the_expressions_are_asked()
    {
        var chain = new ChainHarness(". {\n metadata\n view a {\n expr metadata('view/name') == 'a'\n }\n whoami\n}\n");

        Assert.Equal((int)ResponseCode.NoError, (await chain.AskAsync("example.org"))!.ResponseCode);
    }

    [Theory]
    [InlineData("view a {\n expr (\n }", 3)]
    [InlineData("view a {\n expr name() == 1\n }", 3)]
    [InlineData("view a {\n nonsense\n }", 3)]
    [InlineData("view", 2)]
    [InlineData("view a b", 2)]
    [InlineData("view a\n view b", 3)]
    public void Configure_says_where_the_mistake_is(string directive, int line)
    {
        var mistake = Assert.Throws<CorefileException>(() => new ChainHarness($". {{\n {directive}\n whoami\n}}\n"));

        Assert.Equal(line, mistake.Line);
    }

    [Fact]
    public void Allocates_nothing()
    {
        var chain = new ChainHarness(
            ". {\n view a {\n expr incidr(client_ip(), '127.0.0.0/8') and name() matches 'example'\n }\n erratic {\n drop 0\n }\n}\n");

        Assert.Equal(0, chain.MeasureAllocation("example.org"));
    }
}
