using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;
using CsCheck;
using Xunit;

namespace ClusterDns.UnitTests.Pipeline;

public sealed class QueryReaderTests
{
    private const string Plain = "1234 0100 0001 0000 0000 0000 03777777 0474657374 00 0001 0001";
    private const string Question = "03777777 0474657374 00 0001 0001";

    [Theory]
    [InlineData("", "nothing at all")]
    [InlineData("1234 0100 0001 0000 0000 00", "eleven octets")]
    [InlineData("1234 8100 0001 0000 0000 0000 03777777 0474657374 00 0001 0001", "a response")]
    [InlineData("ffffffffffffffffffffffffffffffffffffffff", "rubbish that is a response")]
    public void Read_ignores_what_is_no_request(string hex, string what) =>
        Assert.True(Read(hex, out _) is ReadOutcome.Ignore, what);

    [Fact]
    public void Read_takes_a_plain_question()
    {
        Assert.Equal(ReadOutcome.Query, Read(Plain, out var query));
        Assert.Equal("www.test.", query.Name.ToString());
        Assert.Equal(RecordType.A, query.Type);
        Assert.Equal(RecordClass.IN, query.Class);
        Assert.Equal(HeaderFlags.RecursionDesired, query.Flags);
        Assert.Equal(0x1234, query.Id);
        Assert.False(query.Edns.IsPresent);
        Assert.Equal(512, query.MaxResponseSize);
    }

    [Theory]
    [InlineData("1234 2800 0001 0000 0000 0000 " + Question, ResponseCode.NotImp, false, "UPDATE")]
    [InlineData("1234 7900 0001 0000 0000 0000 " + Question, ResponseCode.NotImp, false, "opcode 15")]
    [InlineData("1234 0100 0000 0000 0000 0000", ResponseCode.FormErr, false, "no question")]
    [InlineData("1234 0100 0002 0000 0000 0000 " + Question + Question, ResponseCode.FormErr, false, "two questions (RFC 9619)")]
    [InlineData("1234 0100 0001 0002 0000 0000 " + Question, ResponseCode.FormErr, false, "two answers")]
    [InlineData("1234 0100 0001 0000 0000 0003 " + Question, ResponseCode.FormErr, false, "three additional records")]
    [InlineData("1234 0100 0001 0000 0000 0000", ResponseCode.ServFail, false, "a question that is not there")]
    [InlineData("1234 0100 0001 0000 0000 0000 0377", ResponseCode.FormErr, false, "a name cut")]
    [InlineData("1234 0100 0001 0000 0000 0000 c00c 0001 0001", ResponseCode.FormErr, false, "a pointer to itself")]
    [InlineData("1234 0100 0001 0000 0000 0000 4178 00 0001 0001", ResponseCode.FormErr, false, "a label type of its own")]
    [InlineData("1234 0100 0001 0000 0000 0001 " + Question + "00 0029 04d0 00010000 0000", ResponseCode.BadVers, true, "EDNS version 1 (RFC 6891 §6.1.3)")]
    [InlineData("1234 0100 0001 0000 0000 0002 " + Question + "00 0029 04d0 00000000 0000 00 0029 04d0 00000000 0000", ResponseCode.FormErr, true, "two OPT (RFC 6891 §6.1.1)")]
    [InlineData("1234 0100 0001 0000 0000 0001 " + Question + "00 0029 04d0 00000000 0006 000a 0008 6162", ResponseCode.FormErr, true, "an option cut")]
    [InlineData("1234 0100 0001 0000 0000 0001 " + Question + "00 0029 04d0 00000000 000b 0008 0007 0007 18 00 c00002", ResponseCode.FormErr, true, "a client subnet of family 7 (RFC 7871 §6)")]
    [InlineData("1234 0100 0001 0000 0000 0001 " + Question + "00 0001 0001 0000003c 0003 010203", ResponseCode.FormErr, true, "an A record of three octets")]
    public void Read_settles_what_needs_no_zone(string hex, ResponseCode code, bool echoes, string what)
    {
        Assert.True(Read(hex, out var query) is ReadOutcome.Respond, what);
        Assert.Equal(code, query.Response.Code);
        Assert.Equal(echoes, query.Response.IncludesQuestion);
    }

    [Theory]
    [InlineData("1234 0100 0001 0000 0000 0001 " + Question + "0161 00 0029 04d0 00000000 0000", "an OPT with an owner")]
    [InlineData("1234 0100 0001 0000 0000 0000 0377777700 0001", "a question without class")]
    [InlineData(Plain + "00", "an octet behind the question")]
    [InlineData("1234 0100 0001 0000 0000 0001 " + Question, "a record that is counted and not there")]
    [InlineData("1234 0100 0001 0001 0000 0000 " + Question + "00 0029 04d0 00000000 0000", "an OPT among the answers")]
    [InlineData("1234 2400 0001 0000 0000 0000 " + Question, "NOTIFY")]
    public void Read_takes_what_others_take(string hex, string what) => Assert.True(Read(hex, out _) is ReadOutcome.Query, what);

    [Fact]
    public void Read_takes_what_the_OPT_says()
    {
        var hex = "1234 0100 0001 0000 0000 0001 " + Question + "00 0029 1000 00008001 0004 0003 0000";
        Assert.Equal(ReadOutcome.Query, Read(hex, out var query));
        Assert.True(query.DnssecOk);
        Assert.Equal(4096, query.MaxResponseSize);
        Assert.Equal(1, query.Edns.Flags);
        Assert.Equal([0, 3, 0, 0], query.Edns.Options.ToArray());
    }

    [Fact]
    public void Read_never_throws_and_never_allocates_whatever_comes()
    {
        var query = new QueryContext();
        query.GetMessageBuffer(512);

        // What is made once for the process is no query's.
        Read(query, Convert.FromHexString("123401000001000000000001" + Question.Replace(" ", "", StringComparison.Ordinal) + "00000200010000000000020000"));
        Gen.Byte.Array[0, 300].Select(Gen.Int[0, 3]).Sample(
            input =>
            {
                var (octets, kind) = input;
                if (kind > 0 && octets.Length > 12)
                {
                    // Closer to a request: QR clear, one question, few records.
                    octets[2] &= 0x07;
                    (octets[4], octets[5], octets[6], octets[7]) = (0, 1, 0, (byte)(octets[7] & 1));
                    (octets[8], octets[9], octets[10], octets[11]) = (0, (byte)(octets[9] & 1), 0, (byte)(octets[11] & 3));
                    octets[12] &= 0x0f;
                }

                var before = GC.GetAllocatedBytesForCurrentThread();
                Read(query, octets);
                return GC.GetAllocatedBytesForCurrentThread() == before;
            },
            iter: 20_000,
            threads: 1);
    }

    private static ReadOutcome Read(string hex, out QueryContext query)
    {
        query = new QueryContext();
        return Read(query, Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
    }

    private static ReadOutcome Read(QueryContext query, byte[] octets)
    {
        octets.CopyTo(query.GetMessageBuffer(octets.Length), 0);
        query.BeginRequest(octets.Length, TransportProtocol.Udp, default, default, Listener);
        return QueryReader.Read(query);
    }

    private static ListenerIdentity Listener { get; } = new("dns://:53", 0);
}
