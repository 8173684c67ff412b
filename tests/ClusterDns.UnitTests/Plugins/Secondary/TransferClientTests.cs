using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Plugins.Secondary;
using ClusterDns.Plugins.Tsig;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Transports;
using ClusterDns.UnitTests.Zones;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Secondary;

public sealed class TransferClientTests
{
    private const string First = "$TTL 60\n@ SOA ns h 1 2 3 4 5\na A 192.0.2.1\n";
    private const string Second = "$TTL 60\n@ SOA ns h 2 2 3 4 5\nb A 192.0.2.2\n";

    private static readonly DnsName Origin = DnsName.Parse("example.");

    private readonly CancellationToken _token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_zone_may_come_in_one_record_a_message()
    {
        var zone = Read(First);
        await using var primary = new PrimaryDouble(
            request => zone.Records.Append(zone.SoaRecord).Select(record => Message(request, [record])));

        var result = await FetchAsync(null, primary.Endpoint);

        Assert.Null(result.Error);
        Assert.Equal(2, result.Zone?.RecordCount);
    }

    [Fact]
    public async Task What_changed_comes_in_steps()
    {
        var served = new ServedZone(Origin);
        served.Replace(Read(First));
        served.Replace(Read(Second));
        await using var primary = new PrimaryDouble(request => [Message(request, [.. served.ReadChanges(1)!])]); // it is known

        var result = await FetchAsync(Read(First), primary.Endpoint);

        Assert.Equal(2u, result.Zone?.Serial);
        Assert.Single(result.Steps!); // it came in steps
        Assert.Null(result.Zone!.Find(DnsName.Parse("a.example."), RecordType.A)); // there is one
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // a primary that leaves without a word
    public async Task A_primary_without_IXFR_is_asked_for_everything(bool isSilent)
    {
        await using var primary = new PrimaryDouble(request => TypeOf(request) switch
        {
            RecordType.IXFR when isSilent => [],
            RecordType.IXFR => [Message(request, [], ResponseCode.NotImp)],
            _ => [Whole(request, Second)],
        });

        var result = await FetchAsync(Read(First), primary.Endpoint);

        Assert.Equal(2u, result.Zone?.Serial);
        Assert.Null(result.Steps);
    }

    [Fact]
    public async Task A_step_that_does_not_fit_leads_to_everything()
    {
        var served = new ServedZone(Origin);
        served.Replace(Read("$TTL 60\n@ SOA ns h 1 2 3 4 5\nother A 192.0.2.9\n"));
        served.Replace(Read(Second));
        await using var primary = new PrimaryDouble(request => TypeOf(request) is RecordType.IXFR
            ? [Message(request, [.. served.ReadChanges(1)!])] // it is known
            : [Whole(request, Second)]);

        var result = await FetchAsync(Read(First), primary.Endpoint);

        Assert.Equal(2u, result.Zone?.Serial);
        Assert.Null(result.Steps);
    }

    [Fact]
    public async Task The_same_serial_ends_the_transfer_at_its_first_record()
    {
        await using var primary = new PrimaryDouble(request => [Message(request, [Read(First).SoaRecord])]);

        Assert.Same(FetchResult.UpToDate, await FetchAsync(Read(First), primary.Endpoint));
    }

    [Fact]
    public async Task The_next_primary_is_asked_where_one_cannot_help()
    {
        await using var broken = new PrimaryDouble(static request => [Message(request, [], ResponseCode.Refused)]);
        await using var stale = new PrimaryDouble(static request => [Message(request, [Read(First).SoaRecord])]);
        await using var right = new PrimaryDouble(static request => [Whole(request, Second)]);

        var result = await FetchAsync(Read(First), broken.Endpoint, stale.Endpoint, right.Endpoint);
        Assert.Equal(2u, result.Zone?.Serial);
        Assert.NotNull((await FetchAsync(null, broken.Endpoint)).Error);
    }

    [Fact]
    public async Task A_primary_that_sends_without_end_is_left()
    {
        await using var primary = new PrimaryDouble(static request => Endless(request));
        var client = new TransferClient([primary.Endpoint], null, CryptographicRandom.Instance, new StandingClock()) { MaxOctets = 10_000 };

        var result = await client.FetchAsync(Origin, null, _token);

        Assert.Contains("larger than 10000 octets", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0xff)] // the ID
    [InlineData(2, 0x80)] // QR
    [InlineData(13, 0x01)] // QNAME
    public async Task What_is_no_answer_is_not_taken(int offset, byte change)
    {
        await using var primary = new PrimaryDouble(request =>
        {
            var message = Whole(request, First);
            message[offset] ^= change;
            return [message];
        });

        Assert.NotNull((await FetchAsync(null, primary.Endpoint)).Error);
    }

    [Fact]
    public async Task Signed_transfers_may_have_messages_without_a_signature_between()
    {
        await using var primary = new PrimaryDouble(static request => Signed(request, static (_, _) => { }));

        var result = await FetchAsync(primary.Endpoint, Key);

        Assert.Null(result.Error);
        Assert.Equal(2, result.Zone?.RecordCount);
    }

    // RFC 8945 §5.3.1: each of the three messages, and the last one must be signed.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_signed_transfer_that_was_changed_is_not_taken(int changed)
    {
        await using var primary = new PrimaryDouble(request => Signed(request, (index, message) =>
        {
            if (index == changed)
            {
                message[3] ^= 0x10; // CD, which means nothing here
            }
        }));

        Assert.NotNull((await FetchAsync(primary.Endpoint, Key)).Error);
    }

    [Fact]
    public async Task An_unsigned_transfer_is_not_taken_where_a_key_is_named()
    {
        await using var primary = new PrimaryDouble(static request => [Whole(request, First)]);

        Assert.Contains("not signed", (await FetchAsync(primary.Endpoint, Key)).Error, StringComparison.Ordinal);
    }

    private static TsigKey Key { get; } = new(DnsName.Parse("key.test."), [1, 2, 3, 4]);

    private Task<FetchResult> FetchAsync(Zone? current, params SocketEndpoint[] primaries) =>
        new TransferClient(primaries, null, CryptographicRandom.Instance, new StandingClock()).FetchAsync(Origin, current, _token);

    private Task<FetchResult> FetchAsync(SocketEndpoint primary, TsigKey key) =>
        new TransferClient([primary], () => key, CryptographicRandom.Instance, new StandingClock()).FetchAsync(Origin, null, _token);

    private static IEnumerable<byte[]> Endless(byte[] request)
    {
        yield return Message(request, [Read(First).SoaRecord]);
        for (var host = 0; ; host++)
        {
            yield return Message(
                request, [new ResourceRecord(DnsName.Parse($"h{host}.example."), RecordType.A, RecordClass.IN, 60, [192, 0, 2, 1])]);
        }
    }

    // The first and the third message are signed, the second is covered by the third's signature.
    private static IEnumerable<byte[]> Signed(byte[] request, Action<int, byte[]> change)
    {
        var zone = Read(First);
        ResourceRecord[] records = [.. zone.Records, zone.SoaRecord];
        var reader = new MessageReader(request);
        reader.TryReadHeader(out _);
        reader.TryReadQuestion(new byte[255], out _, out _, out _);
        Assert.True(TsigRecord.TryRead(request, reader.Position, new byte[510], out var record));
        var signer = new SplitSigner(record, Key);
        var messages = new List<byte[]>();
        for (var index = 0; index < records.Length; index++)
        {
            var message = Message(request, [records[index]]);
            messages.Add(index == 1 ? signer.Skip(message) : signer.Sign(message));
            change(index, messages[^1]);
        }

        return messages;
    }

    private static byte[] Whole(byte[] request, string text)
    {
        var zone = Read(text);
        return Message(request, [.. zone.Records, zone.SoaRecord]);
    }

    private static byte[] Message(byte[] request, ResourceRecord[] records, ResponseCode code = ResponseCode.NoError)
    {
        var buffer = new byte[4096];
        var writer = new MessageWriter(buffer, names: null);
        writer.TryWriteQuestion(Origin.Span, TypeOf(request), RecordClass.IN);
        foreach (var record in records)
        {
            writer.TryWriteRecord(record.Owner.Span, record.Type, record.Class, record.Ttl, record.Rdata);
        }

        MessageHeader.TryRead(request, out var header);
        new MessageHeader(
            header.Id, HeaderFlags.Response | HeaderFlags.Authoritative, OpCode.Query, code, 1, (ushort)records.Length, 0, 0).Write(buffer);
        return buffer[..writer.Position];
    }

    private static RecordType TypeOf(byte[] request) => (RecordType)((request[12 + 9] << 8) | request[12 + 10]);

    private static Zone Read(string text) => ZoneText.Read("example.", text);
}
