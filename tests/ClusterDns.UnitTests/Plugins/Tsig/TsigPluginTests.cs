using ARSoft.Tools.Net.Dns;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Transports;
using ClusterDns.Testing.Tsig;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using RecordType = ClusterDns.Protocol.Records.RecordType;

namespace ClusterDns.UnitTests.Plugins.Tsig;

public sealed class TsigPluginTests
{
    private const string Key = "key.test.";

    private static readonly byte[] Secret = "0123456789abcdef0123456789abcdef"u8.ToArray();

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));

    // Its SHA-384 is wrong; dig and kdig are asked about that one. It looks at the real clock.
    [Theory]
    [InlineData(TSigAlgorithm.Sha1, 20)]
    [InlineData(TSigAlgorithm.Sha224, 28)]
    [InlineData(TSigAlgorithm.Sha256, 32)]
    [InlineData(TSigAlgorithm.Sha512, 64)]
    public async Task Another_implementation_signs_and_checks(TSigAlgorithm algorithm, int macLength)
    {
        _time.SetUtcNow(TimeProvider.System.GetUtcNow());
        var (request, mac) = OtherTsig.Sign(
            "a.test.", ARSoft.Tools.Net.Dns.RecordType.A, algorithm, Key, Secret, _time.GetUtcNow().UtcDateTime);

        var (query, reply) = await RunAsync(request);

        Assert.Equal(ResponseCode.NoError, query.Response.Code);
        Assert.Equal(1, query.Response.Answer.Count);
        var tsig = OtherTsig.Check(reply, mac, Secret)!; // it is signed
        Assert.Equal(ReturnCode.NoError, tsig.ValidationResult);
        Assert.Equal(macLength, tsig.Mac.Length);
    }

    // RFC 8945 §7 leaves MD5 to the server; to one that does not have it, it is unknown (§5.2.1).
    [Fact]
    public async Task MD5_is_no_algorithm()
    {
        var (request, _) = OtherTsig.Sign(
            "a.test.", ARSoft.Tools.Net.Dns.RecordType.A, TSigAlgorithm.Md5, Key, Secret, _time.GetUtcNow().UtcDateTime);

        AssertError(await RunAsync(request), ResponseCode.BadKey, macLength: 0);
    }

    [Fact]
    public async Task A_key_is_known_by_its_name_whatever_the_case() =>
        AssertRight(await RunAsync(Request() with { Key = "KEY.Test." }));

    [Fact]
    public async Task An_unknown_key_is_BADKEY() =>
        AssertError(await RunAsync(Request() with { Key = "other.test." }), ResponseCode.BadKey, macLength: 0);

    [Fact]
    public async Task A_wrong_MAC_is_BADSIG() =>
        AssertError(await RunAsync(Request() with { Change = static mac => mac[^1] ^= 1 }), TsigRecord.BadSig, macLength: 0);

    [Fact]
    public async Task Another_secret_is_BADSIG() =>
        AssertError(await RunAsync(Request() with { Secret = [1, 2, 3] }), TsigRecord.BadSig, macLength: 0);

    [Fact]
    public async Task A_message_that_was_changed_is_BADSIG()
    {
        var message = Request().ToMessage();
        message[2] ^= 0x01; // RD
        AssertError(await RunAsync(message), TsigRecord.BadSig, macLength: 0);
    }

    // RFC 8945 §5.3.3 and §4.2: forwarders change IDs.
    [Fact]
    public async Task Another_ID_is_right()
    {
        var message = Request().ToMessage();
        message[0] ^= 0xff;
        AssertRight(await RunAsync(message));
    }

    // RFC 8945 §5.2.3: signed, with the client's time and ours.
    [Theory]
    [InlineData(301)]
    [InlineData(-301)]
    public async Task A_wrong_time_is_BADTIME(int seconds)
    {
        var request = Request() with { Time = Now + seconds };
        var (query, reply) = await RunAsync(request.ToMessage());

        AssertError((query, reply), ResponseCode.BadTime, macLength: 32);
        var tsig = Read(reply, out _);
        Assert.Equal(Now + seconds, tsig.Time);
        Assert.Equal([0, 0, .. BitConverter.GetBytes((uint)Now).Reverse()], tsig.Other);
    }

    [Theory]
    [InlineData(300)]
    [InlineData(-300)]
    public async Task The_fudge_is_granted(int seconds) =>
        AssertRight(await RunAsync(Request() with { Time = Now + seconds }));

    [Theory]
    [InlineData("hmac-sha256.", 16, ResponseCode.NoError)]
    [InlineData("hmac-sha256.", 15, ResponseCode.FormErr)] // less than half
    [InlineData("hmac-sha512.", 32, ResponseCode.NoError)]
    [InlineData("hmac-sha1.", 16, ResponseCode.NoError)]
    [InlineData("hmac-sha1.", 10, ResponseCode.BadTrunc)] // half, but below 128 bits
    [InlineData("hmac-sha1.", 9, ResponseCode.FormErr)]
    [InlineData("hmac-sha256.", 33, ResponseCode.FormErr)] // longer than there can be
    [InlineData("hmac-sha256.", 0, ResponseCode.FormErr)]
    public async Task MACs_may_be_truncated(string algorithm, int length, ResponseCode expected)
    {
        var run = await RunAsync(Request() with { Algorithm = algorithm, MacLength = length });

        switch (expected)
        {
            case ResponseCode.NoError:
                AssertRight(run);
                break;
            case ResponseCode.BadTrunc:
                AssertError(run, expected, macLength: 20);
                break;
            default:
                Assert.Equal(expected, run.Query.Response.Code);
                Assert.Equal(0, run.Reply[11]);
                break;
        }
    }

    // RFC 8945 §5.1 and §5.2: the last record, once, of class ANY.
    [Fact]
    public async Task A_record_in_another_place_is_FORMERR()
    {
        var signed = Request().ToMessage();
        byte[] opt = [0, 0, 41, 4, 0xd0, 0, 0, 0, 0, 0, 0];
        byte[] behind = [.. signed, .. opt];
        behind[11]++;
        byte[] twice = [.. signed, .. signed[Request().Message.Length..]];
        twice[11]++;

        foreach (var message in (byte[][])[behind, twice, (Request() with { Class = 1 }).ToMessage()])
        {
            Assert.Equal(ResponseCode.FormErr, (await RunAsync(message)).Query.Response.Code);
        }
    }

    [Theory]
    [InlineData("require all", RecordType.A, true)]
    [InlineData("require MX AXFR", RecordType.A, false)]
    [InlineData("require MX AXFR", RecordType.MX, true)]
    [InlineData("require none", RecordType.AXFR, false)]
    [InlineData("require_opcode QUERY", RecordType.A, true)]
    [InlineData("require_opcode NOTIFY UPDATE", RecordType.A, false)]
    [InlineData("require_opcode all", RecordType.A, true)]
    public async Task What_must_be_signed_is_REFUSED_without(string option, RecordType type, bool isRefused)
    {
        var (query, reply) = await RunAsync(ChainHarness.Question("a.test.", type), option);

        Assert.Equal(isRefused ? ResponseCode.Refused : ResponseCode.NoError, query.Response.Code);
        Assert.Equal(0, reply[11]);
    }

    [Fact]
    public async Task Other_zones_are_not_looked_at()
    {
        var (query, reply) = await RunAsync(ChainHarness.Question("a.atest.", RecordType.A), "require all");

        Assert.Equal(ResponseCode.NoError, query.Response.Code);
        Assert.Equal(0, reply[11]);
    }

    // RFC 8945 §5.3: there is room for the record in what the client takes, and TC says what went for it.
    [Fact]
    public async Task A_long_answer_leaves_room_for_the_record()
    {
        var run = await RunAsync(Request().ToMessage(), last: new FakeHandler(static query =>
        {
            query.Response.Begin("test", authoritative: true);
            for (byte host = 0; host < 200; host++)
            {
                query.Response.AddAnswer(NameRef.QueryName, RecordType.A, 60, [192, 0, 2, host]);
            }
        }));

        Assert.True(run.Reply.Length <= 512);
        Assert.Equal(0x02, run.Reply[2] & 0x02); // TC
        var tsig = Read(run.Reply, out var message);
        Assert.Equal(tsig.Mac, Expected(Request(), message, tsig));
    }

    [Fact]
    public async Task What_is_refused_behind_is_signed_too()
    {
        var run = await RunAsync(Request().ToMessage(), last: new FakeHandler(
            static query => query.Response.Fail(ResponseCode.ServFail, "test")));
        var tsig = Read(run.Reply, out var message);

        Assert.Equal(ResponseCode.ServFail, run.Query.Response.Code);
        Assert.Equal(tsig.Mac, Expected(Request(), message, tsig));
    }

    [Theory]
    [InlineData("secret k.")]
    [InlineData("secret k. MDEyMw== x")]
    [InlineData("secret k. MDEyMw==\n secret K. MDEyMw==")]
    [InlineData("secrets /nowhere/keys")]
    [InlineData("require")]
    [InlineData("require NOTYPE")]
    [InlineData("require_opcode NOTHING")]
    [InlineData("nonsense")]
    public void Mistakes_are_found(string option) => Assert.Throws<CorefileException>(() => Chain(option));

    [Fact]
    public async Task Keys_come_from_files_of_BIND()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(
                file,
                $"# keys\nkey \"filed.test.\" {{\n  algorithm hmac-sha256; // any\n  secret \"{Convert.ToBase64String(Secret)}\";\n}};\n",
                TestContext.Current.CancellationToken);
            AssertRight(await RunAsync((Request() with { Key = "filed.test." }).ToMessage(), $"secrets {file}"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void What_is_not_signed_costs_nothing() =>
        Assert.Equal(0, Chain("require AXFR").MeasureAllocation("a.test."));

    private long Now => _time.GetUtcNow().ToUnixTimeSeconds();

    private SignedRequest Request() => new(ChainHarness.Question("a.test.", RecordType.A), Key, Secret) { Time = Now };

    private Task<(QueryContext Query, byte[] Reply)> RunAsync(SignedRequest request) => RunAsync(request.ToMessage());

    private async Task<(QueryContext Query, byte[] Reply)> RunAsync(
        byte[] request, string option = "require none", IQueryHandler? last = null)
    {
        var chain = Chain(option, last);
        await chain.StartAsync();
        var query = new QueryContext();
        Assert.True(await chain.RunAsync(query, request));
        var buffer = new byte[65535];
        return (query, buffer[..ResponseWriter.ForThread.Write(query, buffer)]);
    }

    private ChainHarness Chain(string option, IQueryHandler? last = null) => new(
        $".:53 {{\n tsig test. {{\n secret {Key} {Convert.ToBase64String(Secret)}\n {option}\n }}\n}}\n",
        last ?? TransportHarness.Address,
        _time);

    private static void AssertRight((QueryContext Query, byte[] Reply) run)
    {
        Assert.Equal(ResponseCode.NoError, run.Query.Response.Code);
        Assert.Equal(1, run.Query.Response.Answer.Count);
        Assert.Equal(ResponseCode.NoError, Read(run.Reply, out _).Error);
    }

    private static void AssertError((QueryContext Query, byte[] Reply) run, ResponseCode error, int macLength)
    {
        Assert.Equal(ResponseCode.NotAuth, run.Query.Response.Code);
        Assert.Equal(0, run.Query.Response.Answer.Count);
        var tsig = Read(run.Reply, out _);
        Assert.Equal(error, tsig.Error);
        Assert.Equal(macLength, tsig.Mac.Length);
    }

    // What a client computes: the request's MAC, the message without the record, the variables.
    private static byte[] Expected(SignedRequest request, byte[] message, ReadTsig reply)
    {
        byte[] key = DnsName.Parse(request.Key).Wire;
        byte[] timers = new byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(timers, reply.Time << 16);
        timers[6] = 1;
        timers[7] = 44;
        return request.Hash(
            [0, 32, .. request.Mac, .. message, .. key, 0, 255, 0, 0, 0, 0, .. DnsName.Parse(request.Algorithm).Wire, .. timers, 0, 0, 0, 0]);
    }

    private static ReadTsig Read(byte[] reply, out byte[] message)
    {
        var reader = new MessageReader(reply);
        Assert.True(reader.TryReadHeader(out var header));
        Span<byte> name = stackalloc byte[255];
        Assert.True(header.Questions == 0 || reader.TryReadQuestion(name, out _, out _, out _));
        var offset = reader.Position;
        for (var left = header.Answers + header.Authorities + header.Additionals; left > 0; left--)
        {
            offset = reader.Position;
            Assert.True(reader.TryReadRecord(name, out _, out _));
        }

        Assert.True(reader.AtEnd);
        Assert.True(TsigRecord.TryRead(reply, offset, new byte[510], out var record));
        message = reply[..offset];
        message[11]--;
        return new ReadTsig(record.Error, record.TimeSigned, record.Mac.ToArray(), record.Other.ToArray());
    }

    private sealed record ReadTsig(ResponseCode Error, long Time, byte[] Mac, byte[] Other);
}
