using ClusterDns.Core.Pipeline;
using ClusterDns.Plugins.Forward;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;
using CsCheck;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Forward;

public sealed class ReplyReaderTests
{
    [Fact]
    public void Any_octets_behind_a_fitting_question_are_read_without_an_exception()
    {
        var reply = Reply();
        Gen.Select(Gen.Int[0, reply.Length - 1], Gen.Byte, Gen.Int[0, reply.Length]).Array[1, 6].Sample(changes =>
        {
            var changed = reply.ToArray();
            foreach (var (at, value, _) in changes)
            {
                changed[at] = value;
            }

            var query = Query();
            Read(changed.AsSpan(0, Math.Max(changes[0].Item3, 2)), Exchange(query));
            ResponseWriter.ForThread.Write(query, new byte[ushort.MaxValue]);
        });
    }

    [Fact]
    public void Names_that_grow_without_measure_are_not_unpacked()
    {
        // A name of nearly 255 octets, and nearly two thousand SOA records that point to it twice.
        var reply = new byte[ushort.MaxValue];
        var question = ChainHarness.Question(LongName, RecordType.SOA);
        question.CopyTo(reply, 0);
        reply[2] |= 0x80;
        byte[] record = [0xc0, 14, 0, 6, 0, 1, 0, 0, 0, 60, 0, 24, 0xc0, 12, 0xc0, 12, .. new byte[20]];
        var length = question.Length;
        var records = 0;
        for (; length + record.Length <= reply.Length; records++)
        {
            record.CopyTo(reply, length);
            length += record.Length;
        }

        reply[6] = (byte)(records >> 8);
        reply[7] = (byte)records;
        var query = Query(LongName, RecordType.SOA);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var status = Read(reply.AsSpan(0, length), Exchange(query));

        Assert.Equal(ExchangeStatus.Failed, status);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 * 1024 * 1024);
        Assert.Equal(0, query.Response.Answer.Count);
    }

    private static ExchangeStatus Read(ReadOnlySpan<byte> reply, Exchange exchange) => ReplyReader.Read(reply, exchange, exchange);

    private static string LongName { get; } = string.Join('.', "a", new string('b', 60), new string('c', 60), new string('d', 60), new string('e', 60));

    private static byte[] Reply()
    {
        var buffer = new byte[512];
        var writer = new MessageWriter(buffer, names: null);
        writer.TryWriteQuestion(DnsName.Parse("www.example.com").Span, RecordType.MX, RecordClass.IN);
        writer.TryWriteQuestionRecord(RecordType.MX, RecordClass.IN, 60, [0, 10, 4, (byte)'m', (byte)'a', (byte)'i', (byte)'l', 0]);
        writer.TryWriteQuestionRecord(RecordType.CNAME, RecordClass.IN, 60, [1, (byte)'c', 0]);
        writer.TryWriteRecord(NameSpan.Root, RecordType.OPT, (RecordClass)1232, 0, [0, 15, 0, 2, 0, 18]);
        new MessageHeader(7, HeaderFlags.Response, OpCode.Query, ResponseCode.NoError, 1, 2, 0, 1).Write(buffer);
        return buffer[..writer.Position];
    }

    private static Exchange Exchange(QueryContext query)
    {
        var exchange = new Exchange();
        UpstreamQueryWriter.Write(query, exchange);
        return exchange;
    }

    private static QueryContext Query(string name = "www.example.com", RecordType type = RecordType.MX)
    {
        var request = ChainHarness.Question(name, type, edns: 1232);
        var query = new QueryContext();
        request.CopyTo(query.GetMessageBuffer(request.Length), 0);
        query.BeginRequest(request.Length, TransportProtocol.Udp, default, default, new ListenerIdentity("dns://:53", 0));
        Assert.Equal(ReadOutcome.Query, QueryReader.Read(query));
        return query;
    }
}
