using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Transports;
using ClusterDns.Testing.Wire;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Nsid;

public sealed class NsidPluginTests
{
    private byte[] _upstreamOptions = [];

    [Theory]
    [InlineData("nsid My Server 1", "My Server 1")]
    [InlineData("nsid \"\"", "")]
    public async Task Says_the_identifier_to_who_asks(string directive, string expected)
    {
        var option = Assert.Single((await AskAsync(directive, [0, 3, 0, 0])).Opt!.Options);

        Assert.Equal(3, option.Code);
        Assert.Equal(System.Text.Encoding.UTF8.GetBytes(expected), option.Value);
    }

    [Fact]
    public async Task Says_the_host_s_name_without_an_argument() => Assert.Equal(
        System.Text.Encoding.UTF8.GetBytes(Environment.MachineName),
        Assert.Single((await AskAsync("nsid", [0, 3, 0, 0])).Opt!.Options).Value);

    [Fact]
    public async Task Says_nothing_to_who_does_not_ask() =>
        Assert.Empty((await AskAsync("nsid a", [0xfd, 0xe9, 0, 1, 7])).Opt!.Options);

    [Fact]
    public async Task Sends_no_OPT_to_a_client_that_sent_none() =>
        Assert.Null((await Chain("nsid a").AskAsync("example.org"))!.Opt);

    [Fact]
    public async Task Leaves_DO_as_the_client_sent_it() => Assert.False((await AskAsync("nsid a", [0, 3, 0, 0])).Opt!.Do);

    // An upstream's identifier goes, its other options stay.
    [Fact]
    public async Task Puts_its_own_identifier_in_the_place_of_another()
    {
        _upstreamOptions = [0, 9, 0, 1, 5, 0, 3, 0, 2, 65, 66];

        var options = (await AskAsync("nsid me", [0, 3, 0, 2, 1, 2])).Opt!.Options;

        Assert.Equal(["9:05", "3:6d65"], options.Select(static option => $"{option.Code}:{Convert.ToHexStringLower(option.Value)}"));
    }

    [Fact]
    public void Refuses_to_occur_twice() =>
        Assert.Equal(3, Assert.Throws<CorefileException>(() => Chain("nsid a\n nsid b")).Line);

    [Fact]
    public void Refuses_an_identifier_that_leaves_no_room() =>
        Assert.Equal(2, Assert.Throws<CorefileException>(() => Chain("nsid " + new string('x', 513))).Line);

    [Fact]
    public void Allocates_nothing() => Assert.Equal(0, Chain("nsid a").MeasureAllocation("example.org"));

    [Fact]
    public void Allocates_nothing_where_it_is_asked()
    {
        _upstreamOptions = [0, 9, 0, 1, 5];
        Assert.Equal(0, Chain("nsid a").MeasureAllocation(Question([0, 3, 0, 0])));
    }

    private async Task<WireMessage> AskAsync(string directive, byte[] options)
    {
        var query = new QueryContext();
        var buffer = new byte[512];
        Assert.True(await Chain(directive).RunAsync(query, Question(options)));
        return WireMessage.Decode(buffer[..ResponseWriter.ForThread.Write(query, buffer)]);
    }

    private ChainHarness Chain(string directive) => new($".:53 {{\n {directive}\n}}\n", new FakeHandler((QueryContext query) =>
    {
        query.Response.Begin("test", authoritative: true);
        query.Response.EdnsOptions = _upstreamOptions;
    }));

    private static byte[] Question(byte[] options)
    {
        var buffer = new byte[512];
        var writer = new MessageWriter(buffer, names: null);
        writer.TryWriteQuestion(DnsName.Parse("example.org").Span, RecordType.A, RecordClass.IN);
        writer.TryWriteRecord(NameSpan.Root, RecordType.OPT, (RecordClass)1232, 0, options);
        new MessageHeader(1, HeaderFlags.None, OpCode.Query, ResponseCode.NoError, 1, 0, 0, 1).Write(buffer);
        return buffer[..writer.Position];
    }
}
