using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Chaos;

public sealed class ChaosPluginTests
{
    [Theory]
    [InlineData("version.bind", "\"one two\"")]
    [InlineData("VERSION.server", "\"one two\"")]
    [InlineData("authors.bind", "\"me\"")]
    public async Task Says_what_it_was_told_to_say(string name, string text)
    {
        var chain = new ChainHarness(".:53 {\n chaos \"one two\" me\n}\n");

        var reply = await chain.AskAsync(name, RecordType.TXT, RecordClass.CH);
        Assert.Equal($"{name}. 0 CH TXT {text}", Assert.Single(reply!.Answer).ToString());
        Assert.Equal(0, reply.Bits & 0x0400);
    }

    [Theory]
    [InlineData("hostname.bind")]
    [InlineData("id.server")]
    public async Task Says_the_name_of_the_host(string name)
    {
        var reply = await new ChainHarness(".:53 {\n chaos\n}\n").AskAsync(name, RecordType.TXT, RecordClass.CH);
        Assert.Equal($"{name}. 0 CH TXT \"{Environment.MachineName}\"", Assert.Single(reply!.Answer).ToString());
    }

    [Fact]
    public async Task Says_what_program_it_is_where_it_is_told_nothing()
    {
        var chain = new ChainHarness(".:53 {\n chaos\n}\n");

        var version = await chain.AskAsync("version.bind", RecordType.TXT, RecordClass.CH);
        Assert.Equal("version.bind. 0 CH TXT \"ClusterDns-test\"", Assert.Single(version!.Answer).ToString());
        Assert.Empty((await chain.AskAsync("authors.bind", RecordType.TXT, RecordClass.CH))!.Answer);
    }

    [Fact]
    public async Task Hands_on_what_is_not_its_own()
    {
        var chain = new ChainHarness(".:53 {\n chaos\n}\n");

        Assert.Equal((int)ResponseCode.ServFail, (await chain.AskAsync("version.bind", RecordType.TXT))!.ResponseCode);
        Assert.Equal((int)ResponseCode.ServFail, (await chain.AskAsync("other.bind", RecordType.TXT, RecordClass.CH))!.ResponseCode);
    }
}
