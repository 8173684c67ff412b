using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Transports;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Any;

public sealed class AnyPluginTests
{
    [Fact]
    public async Task Answers_ANY_with_one_HINFO_record()
    {
        var reply = await Chain().AskAsync("WWW.example.org", RecordType.ANY);

        Assert.Equal("WWW.example.org. 8482 IN HINFO \"ANY obsoleted\" \"See RFC 8482\"", Assert.Single(reply!.Answer).ToString());
        Assert.Equal(0x8100, reply.Bits);
    }

    [Theory]
    [InlineData(RecordType.A)]
    [InlineData(RecordType.HINFO)]
    public async Task Hands_on_every_other_type(RecordType type) =>
        Assert.Equal((int)ResponseCode.NXDomain, (await Chain().AskAsync("example.org", type))!.ResponseCode);

    [Fact]
    public void Takes_no_arguments() =>
        Assert.Equal(2, Assert.Throws<CorefileException>(static () => new ChainHarness(".:53 {\n any thing\n}\n")).Line);

    [Fact]
    public void Allocates_nothing() => Assert.Equal(0, Chain().MeasureAllocation("example.org", RecordType.ANY));

    private static ChainHarness Chain() =>
        new(".:53 {\n any\n}\n", new FakeHandler(static (QueryContext query) => query.Response.Fail(ResponseCode.NXDomain, "test")));
}
