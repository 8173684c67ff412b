using System.Net;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Transports;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Secondary;

public sealed class SecondaryPluginTests
{
    [Theory]
    [InlineData("www.example.", RecordType.A, ResponseCode.ServFail)]
    [InlineData("example.", RecordType.AXFR, ResponseCode.Refused)]
    [InlineData("anexample.", RecordType.A, ResponseCode.NotImp)] // no label boundary
    public async Task Names_of_a_zone_that_is_not_there_yet_fail(string name, RecordType type, ResponseCode expected)
    {
        var query = new QueryContext();
        await Chain("transfer from 192.0.2.1").RunAsync(query, ChainHarness.Question(name, type));

        Assert.Equal(expected, query.Response.Code);
    }

    // RFC 1996 §3.10 and §4.7
    [Theory]
    [InlineData("192.0.2.1", true)]
    [InlineData("192.0.2.2", true)]
    [InlineData("192.0.2.3", false)]
    public async Task NOTIFY_is_heard_from_primaries_alone(string client, bool isHeard)
    {
        var chain = Chain("transfer from 192.0.2.1 192.0.2.2:5353");
        chain.Client = IPAddress.Parse(client);
        var request = ChainHarness.Question("example.", RecordType.SOA);
        request[2] = (byte)OpCode.Notify << 3;
        var query = new QueryContext();

        Assert.Equal(isHeard, await chain.RunAsync(query, request));
        Assert.Equal(isHeard, query.Response.IsAuthoritative);
    }

    [Theory]
    [InlineData("")]
    [InlineData("transfer")]
    [InlineData("transfer from")]
    [InlineData("transfer to 192.0.2.1")]
    [InlineData("transfer from nowhere")]
    [InlineData("transfer from 192.0.2.1\n nonsense")]
    [InlineData("transfer from 192.0.2.1\n key a b")]
    public void Mistakes_are_found(string options) => Assert.Throws<CorefileException>(() => Chain(options));

    [Theory]
    [InlineData("transfer from [2001:db8::1]:53 2001:db8::2\n catalog\n fallthrough")]
    [InlineData("transfer from 192.0.2.1\n catalog example. other.\n fallthrough example.\n key k.")]
    public void Options_are_read(string options) => Assert.Equal(["example."], Chain(options).Block
        .Find<Core.Zones.IZoneTransferSource>()?.Zones.Select(static zone => zone.ToString()));

    private static ChainHarness Chain(string options) => new(
        $".:53 {{\n secondary example. {{\n {options}\n }}\n}}\n",
        new FakeHandler(static query => query.Response.Fail(ResponseCode.NotImp, "test")));
}
