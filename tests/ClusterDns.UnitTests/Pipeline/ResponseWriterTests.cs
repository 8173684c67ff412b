using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Edns;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Wire;
using Xunit;

namespace ClusterDns.UnitTests.Pipeline;

public sealed class ResponseWriterTests
{
    private static readonly DnsName Zone = DnsName.Parse("example.com");

    [Fact]
    public void Write_compresses_owners_and_names_in_RDATA()
    {
        var query = Begin("www.example.com");
        query.Response.AddAnswer(NameRef.QueryName, RecordType.CNAME, 60, DnsName.Parse("a.example.com").Wire);
        query.Response.AddAnswer(DnsName.Parse("a.example.com"), RecordType.A, 60, [10, 0, 0, 1]);
        query.Response.AddAuthority(Zone, RecordType.NS, 60, DnsName.Parse("ns.a.example.com").Wire);

        // 12 + question 21; 12 and "a" with a pointer 4; pointer 12 + 4; pointer 12 and "ns" with a pointer 5.
        var message = Write(query);
        Assert.Equal(12 + 21 + 16 + 16 + 17, message.Length);
        var reply = WireMessage.Decode(message);
        Assert.Equal(
            ["www.example.com. 60 IN CNAME a.example.com.", "a.example.com. 60 IN A 10.0.0.1"],
            reply.Answer.Select(static record => record.ToString()));
        Assert.Equal("example.com. 60 IN NS ns.a.example.com.", Assert.Single(reply.Authority).ToString());
    }

    [Fact]
    public void Write_keeps_the_case_of_every_name()
    {
        var query = Begin("WWW.example.com");
        query.Response.AddAnswer(NameRef.QueryName, RecordType.CNAME, 60, DnsName.Parse("www.Example.com").Wire);
        query.Response.AddAnswer(DnsName.Parse("www.Example.com"), RecordType.A, 60, [10, 0, 0, 1]);

        var reply = WireMessage.Decode(Write(query));
        Assert.Equal(
            ["WWW.example.com. 60 IN CNAME www.Example.com.", "www.Example.com. 60 IN A 10.0.0.1"],
            reply.Answer.Select(static record => record.ToString()));
    }

    [Fact]
    public void Write_does_not_compress_the_target_of_an_SRV_record()
    {
        var query = Begin("_http._tcp.example.com");
        byte[] srv = [0, 0, 0, 0, 0, 80, .. DnsName.Parse("a.example.com").Wire];
        query.Response.AddAnswer(NameRef.QueryName, RecordType.SRV, 60, srv);

        Assert.Equal(12 + 28 + 12 + srv.Length, Write(query).Length);
    }

    [Theory]
    [InlineData(29, null, false)]
    [InlineData(30, null, false)]
    [InlineData(31, null, true)]
    [InlineData(74, (ushort)1232, false)]
    [InlineData(75, (ushort)1232, true)]
    [InlineData(30, (ushort)100, true)]
    public void Write_cuts_at_what_the_client_takes(int addresses, ushort? edns, bool cut)
    {
        // 12 + 17 + n * 16 octets, and 11 for an OPT.
        var query = Begin("www.foo.bar", edns);
        Fill(query.Response.Answer, RecordType.A, addresses);

        var message = Write(query);
        var reply = WireMessage.Decode(message);
        Assert.Equal(cut, reply.Truncated);
        Assert.Equal(edns is not null, reply.Opt is not null);
        Assert.InRange(message.Length, 0, query.MaxResponseSize);
        Assert.Equal(cut ? (query.MaxResponseSize - 29 - (edns is null ? 0 : 11)) / 16 : addresses, reply.Answer.Count);
    }

    [Fact]
    public void Write_leaves_out_what_follows_an_answer_section_that_does_not_fit()
    {
        var query = Begin("www.foo.bar");
        Fill(query.Response.Answer, RecordType.A, 40);
        Fill(query.Response.Authority, RecordType.NS, 1);
        Fill(query.Response.Additional, RecordType.A, 2);

        var reply = WireMessage.Decode(Write(query));
        Assert.True(reply.Truncated);
        Assert.Equal(30, reply.Answer.Count);
        Assert.Empty(reply.Authority);
        Assert.Empty(reply.Additional);
    }

    [Fact]
    public void Write_drops_whole_sets_of_the_authority_and_additional_section()
    {
        var query = Begin("www.foo.bar");
        Fill(query.Response.Answer, RecordType.A, 20);
        query.Response.AddAdditional(Zone, RecordType.A, 60, [10, 0, 0, 1]);
        for (var index = 0; index < 20; index++)
        {
            query.Response.AddAdditional(NameRef.QueryName, RecordType.AAAA, 60, new byte[16]);
        }

        var reply = WireMessage.Decode(Write(query));
        Assert.True(reply.Truncated);
        Assert.Equal(20, reply.Answer.Count);
        Assert.Equal("example.com. 60 IN A 10.0.0.1", Assert.Single(reply.Additional).ToString());
    }

    // RFC 4035 §3.1.1: without the signatures of the additional section a message is whole, without any others it is not.
    [Theory]
    [InlineData("additional", false)]
    [InlineData("authority", true)]
    [InlineData("answer", true)]
    public void Write_sets_TC_for_signatures_unless_they_are_additional(string where, bool cut)
    {
        var query = Begin("www.foo.bar", edns: 512);
        Fill(query.Response.Answer, RecordType.A, 1);
        var section = where switch
        {
            "answer" => query.Response.Answer,
            "authority" => query.Response.Authority,
            _ => query.Response.Additional,
        };
        Fill(section, RecordType.A, 10);
        Fill(section, RecordType.RRSIG, 15);

        var reply = WireMessage.Decode(Write(query));

        Assert.Equal(cut, (reply.Bits & 0x0200) != 0);
        if (!cut)
        {
            Assert.Equal(10, reply.Additional.Count);
        }
    }

    [Fact]
    public void Write_goes_on_behind_signatures_that_do_not_fit()
    {
        var query = Begin("www.foo.bar", edns: 512);
        Fill(query.Response.Additional, RecordType.A, 10);
        Fill(query.Response.Additional, RecordType.RRSIG, 20);
        Fill(query.Response.Additional, RecordType.AAAA, 10);

        var reply = WireMessage.Decode(Write(query));

        Assert.Equal(0, reply.Bits & 0x0200);
        Assert.Equal([1, 28], reply.Additional.Select(static record => record.Type).Distinct());
        Assert.Equal(20, reply.Additional.Count);
    }

    [Fact]
    public void Write_leaves_no_signature_out_for_want_of_a_buffer()
    {
        var query = Begin("www.foo.bar", edns: 4096);
        Fill(query.Response.Additional, RecordType.A, 10);
        Fill(query.Response.Additional, RecordType.RRSIG, 100);

        Assert.Equal(-1, ResponseWriter.ForThread.Write(query, new byte[1232]));
        Assert.Equal(110, WireMessage.Decode(Write(query)).Additional.Count);
    }

    [Fact]
    public void Write_says_when_the_buffer_is_smaller_than_what_the_client_takes()
    {
        var query = Begin("www.foo.bar", edns: 4096);
        Fill(query.Response.Answer, RecordType.A, 100);

        Assert.Equal(-1, ResponseWriter.ForThread.Write(query, new byte[1232]));
        Assert.Equal(100, WireMessage.Decode(Write(query)).Answer.Count);
    }

    [Fact]
    public void Write_sends_extended_errors_and_extended_codes()
    {
        var query = Begin("www.foo.bar", edns: 1232);
        query.Response.Fail(ResponseCode.BadVers, "");
        query.Response.ExtendedError = ExtendedDnsError.Blocked;
        query.Response.ExtendedErrorText = "no"u8.ToArray();

        var reply = WireMessage.Decode(Write(query));
        Assert.Equal((int)ResponseCode.BadVers, reply.ResponseCode);
        Assert.Equal([0, 15, (byte)'n', (byte)'o'], Assert.Single(reply.Opt!.Options).Value);
    }

    [Fact]
    public void Write_sends_no_OPT_to_a_client_without_EDNS()
    {
        var query = Begin("www.foo.bar");
        query.Response.ExtendedError = ExtendedDnsError.Blocked;

        Assert.Null(WireMessage.Decode(Write(query)).Opt);
    }

    [Fact]
    public void Hundreds_of_different_names_come_out_as_they_went_in()
    {
        var query = Begin("example.com", edns: 65000);
        var names = Enumerable.Range(0, 900).Select(static index => $"n{index}.m{index % 7}.example.com.").ToArray();
        foreach (var name in names)
        {
            query.Response.AddAnswer(NameRef.QueryName, RecordType.NS, 60, DnsName.Parse(name).Wire);
        }

        var reply = WireMessage.Decode(Write(query));
        Assert.Equal(names.Select(static name => $"example.com. 60 IN NS {name}"), reply.Answer.Select(static record => record.ToString()));
    }

    private static QueryContext Begin(string name, ushort? edns = null)
    {
        var query = new QueryContext();
        var request = ChainHarness.Question(name, RecordType.A, edns: edns);
        request.CopyTo(query.GetMessageBuffer(request.Length), 0);
        query.BeginRequest(request.Length, TransportProtocol.Udp, default, default, new ListenerIdentity("", 0));
        Assert.Equal(ReadOutcome.Query, QueryReader.Read(query));
        query.Response.Begin("test", authoritative: true);
        return query;
    }

    private static void Fill(ResponseSection section, RecordType type, int count)
    {
        // A signature by the root.
        var length = type switch { RecordType.RRSIG => 20, RecordType.AAAA => 16, _ => 4 };
        for (var index = 0; index < count; index++)
        {
            byte[] rdata = [.. new byte[length - 1], (byte)index];
            section.Add(new ResponseRecord(NameRef.QueryName, type, RecordClass.IN, 60, rdata, 0, length));
        }
    }

    private static byte[] Write(QueryContext query)
    {
        var buffer = new byte[65535];
        return buffer[..ResponseWriter.ForThread.Write(query, buffer)];
    }
}
