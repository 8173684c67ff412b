using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using ClusterDns.Testing.Processes;
using ClusterDns.Testing.Upstream;
using ClusterDns.Testing.Wire;
using Xunit;

namespace ClusterDns.UnitTests.Testing.Upstream;

public sealed class UpstreamDoubleTests : IAsyncDisposable
{
    private const string Zone = """
        $ORIGIN example.com.
        $TTL 300
        @       SOA ns h 1 7200 3600 1209600 60
        www     A 192.0.2.80
        alias   CNAME www
        *.card  A 192.0.2.99
        dname   DNAME card.example.com.
        deep.er 5 IN TXT ( "a; b"   ; a comment
                   c )
        """;

    private readonly string _zoneFile = Path.GetTempFileName();
    private readonly UpstreamDouble _upstream;

    public UpstreamDoubleTests()
    {
        File.WriteAllText(_zoneFile, Zone);
        _upstream = UpstreamDouble.Start(
            FreePorts.Take(), "B", ZoneContents.Read(_zoneFile, WireName.Parse("example.com.")));
    }

    private static CancellationToken Timeout => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _upstream.DisposeAsync();
        File.Delete(_zoneFile);
    }

    [Theory]
    [InlineData("www.example.com.", "A", "www.example.com. 300 IN A 192.0.2.80")]
    [InlineData("x.card.example.com.", "A", "x.card.example.com. 300 IN A 192.0.2.99")]
    [InlineData("deep.er.example.com.", "TXT", "deep.er.example.com. 5 IN TXT \"a; b\" \"c\"")]
    [InlineData("id.act.test.", "TXT", "id.act.test. 60 IN TXT \"upstream B\"")]
    [InlineData("ttl-7.act.test.", "A", "ttl-7.act.test. 7 IN A 10.9.0.1")]
    public async Task Answer_is_one_record_when_the_name_has_one(string name, string type, string record)
    {
        WireMessage reply = await AskAsync(name, type);

        Assert.Equal([record], reply.Answer.Select(static r => $"{r}"));
    }

    [Fact]
    public async Task Answer_follows_aliases_when_the_zone_has_them()
    {
        WireMessage reply = await AskAsync("x.dname.example.com.", "A");

        Assert.Equal(["DNAME", "CNAME", "A"], reply.Answer.Select(static r => Mnemonics.TypeName(r.Type)));
        Assert.Equal("x.card.example.com.", $"{reply.Answer[2].Owner}");
    }

    [Theory]
    [InlineData("none.example.com.", 3)]
    [InlineData("er.example.com.", 0)]
    [InlineData("other.test.", 5)]
    [InlineData("rc-2.act.test.", 2)]
    [InlineData("cnx.act.test.", 3)]
    public async Task Response_code_fits_when_there_is_no_such_data(string name, int code)
    {
        WireMessage reply = await AskAsync(name, "A");

        Assert.Equal(code, reply.ResponseCode);
    }

    [Fact]
    public async Task Count_grows_with_every_query_when_the_name_asks_for_it()
    {
        await AskAsync("count.act.test.", "A");
        WireMessage second = await AskAsync("COUNT.act.test.", "A");

        Assert.Equal("COUNT.act.test. 60 IN A 10.9.0.2", $"{second.Answer.Single()}");
    }

    [Fact]
    public async Task Live_name_changes_when_its_queries_are_used_up()
    {
        WireMessage first = await AskAsync("live-1.then-rc-2.act.test.", "A");
        WireMessage second = await AskAsync("live-1.then-rc-2.act.test.", "A");

        Assert.Equal((0, 2), (first.ResponseCode, second.ResponseCode));
    }

    [Fact]
    public async Task Truncated_reply_has_all_over_tcp_when_udp_has_nothing()
    {
        WireMessage udp = await AskAsync("tc.big-90.act.test.", "A");
        WireMessage tcp = await AskAsync("tc.big-90.act.test.", "A", overTcp: true);

        Assert.True(udp.Truncated);
        Assert.Empty(udp.Answer);
        Assert.Equal(90, tcp.Answer.Count);
    }

    [Fact]
    public async Task Echo_tells_what_the_query_carried_when_it_has_an_option()
    {
        WireOpt opt = new(999, 0, 0, WireOpt.DnssecOk, [new WireOption(65518, [0xab])]);

        WireMessage reply = await AskAsync("echo.act.test.", "TXT", opt);

        Assert.Contains(
            "echo.act.test. 60 IN TXT \"edns=v0 payload=999 do=1 z=0 opts=[65518:ab]\"",
            reply.Answer.Select(static r => $"{r}"));
    }

    [Fact]
    public async Task Transfer_begins_and_ends_with_the_soa_when_asked_over_tcp()
    {
        WireMessage reply = await AskAsync("example.com.", "AXFR", overTcp: true);

        Assert.Equal($"{reply.Answer[0]}", $"{reply.Answer[^1]}");
        Assert.Equal(7, reply.Answer.Count);
    }

    private async Task<WireMessage> AskAsync(string name, string type, WireOpt? opt = null, bool overTcp = false)
    {
        WireMessage query = new() { Id = 7, Bits = 0x0100, Opt = opt };
        query.Questions.Add(new WireQuestion(WireName.Parse(name), Mnemonics.TypeValue(type), Mnemonics.InternetClass));
        byte[] reply = overTcp ? await AskTcpAsync(query.Encode()) : await AskUdpAsync(query.Encode());
        return WireMessage.Decode(reply);
    }

    private async Task<byte[]> AskUdpAsync(byte[] query)
    {
        using UdpClient client = new("127.0.0.1", _upstream.Port);
        await client.SendAsync(query, Timeout);
        return (await client.ReceiveAsync(Timeout)).Buffer;
    }

    private async Task<byte[]> AskTcpAsync(byte[] query)
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, _upstream.Port, Timeout);
        byte[] length = [0, (byte)query.Length];
        await client.GetStream().WriteAsync((byte[])[.. length, .. query], Timeout);
        await client.GetStream().ReadExactlyAsync(length, Timeout);
        byte[] reply = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await client.GetStream().ReadExactlyAsync(reply, Timeout);
        return reply;
    }
}
