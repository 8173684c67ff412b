using System.Net;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Transports;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Log;

public sealed class LogPluginTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly KeptLog _log = new();

    [Theory]
    [InlineData("log", "127.0.0.1:40000 - 4711 \"A IN www.example.org. udp 33 false 512\" NOERROR qr,rd 64 0.000123s")]
    [InlineData("log . \"{combined}\"", "127.0.0.1:40000 - 4711 \"A IN www.example.org. udp 33 false 512\" NOERROR qr,rd 64 0.000123s \"0\"")]
    [InlineData("log . \"{remote} {local} {port} {size} {nosuch} {/no/label}\"", "127.0.0.1 127.0.0.1 40000 33 - -")]
    [InlineData("log . \"{>ID} {>Opcode} {>DO}\"", "4711 0 false")]
    [InlineData("log . \"} {{rcode}} {\"", "} {NOERROR} {")]
    public async Task A_line_is_written_in_its_format(string directive, string expected)
    {
        await Chain(directive).AskAsync("www.Example.org");
        Assert.Equal("Information " + expected, Assert.Single(_log.Lines));
    }

    [Fact]
    public async Task IPv6_addresses_stand_in_brackets()
    {
        var chain = Chain("log . \"{remote}:{port}\"");
        chain.Client = IPAddress.Parse("2001:db8::1");
        await chain.AskAsync("www.example.org");
        Assert.Equal("Information [2001:db8::1]:40000", Assert.Single(_log.Lines));
    }

    [Fact]
    public async Task Extended_DNS_shows()
    {
        await Chain("log . \"{>do} {>bufsize}\"").AskAsync("www.example.org", edns: 1400, dnssecOk: true);
        Assert.Equal("Information true 1400", Assert.Single(_log.Lines));
    }

    [Theory]
    [InlineData("www", "success")]
    [InlineData("nodata", "denial")]
    [InlineData("nxdomain", "denial")]
    [InlineData("bare-nxdomain", "error")]
    [InlineData("servfail", "error")]
    [InlineData("empty", "success")]
    public async Task A_response_has_one_class(string name, string expected)
    {
        foreach (var asked in (string[])["success", "denial", "error"])
        {
            var before = _log.Lines.Length;
            await Chain($"log {{\n class {asked}\n }}").AskAsync(name + ".example.org");
            Assert.Equal(asked == expected, _log.Lines.Length > before);
        }

        await Chain("log {\n class denial error\n class success\n }").AskAsync(name + ".example.org");
        await Chain("log {\n class all\n }").AskAsync(name + ".example.org");
        Assert.Equal(3, _log.Lines.Length);
    }

    [Fact]
    public async Task Transfers_are_of_the_class_error()
    {
        await Chain("log {\n class success denial\n }").AskAsync("www.example.org", RecordType.AXFR);
        Assert.Empty(_log.Lines);
        await Chain("log {\n class error\n }").AskAsync("www.example.org", RecordType.AXFR);
        Assert.Single(_log.Lines);
    }

    [Fact]
    public async Task The_first_rule_about_a_name_is_the_only_one()
    {
        var chain = Chain("log example.org example.net \"first {name}\" {\n class error\n }\n log . \"second {name}\"");
        await chain.AskAsync("www.example.org");
        await chain.AskAsync("servfail.example.org");
        await chain.AskAsync("www.example.com");
        Assert.Equal(["Information first servfail.example.org.", "Information second www.example.com."], _log.Lines);
    }

    [Fact]
    public async Task A_single_word_is_a_name()
    {
        await Chain("log example.net").AskAsync("www.example.org");
        Assert.Empty(_log.Lines);
    }

    [Theory]
    [InlineData(@"a\ b.example.org", @"a\ b.example.org.")]
    [InlineData(@"a\010b.example.org", @"a\010b.example.org.")]
    [InlineData(".", ".")]
    public async Task Octets_that_would_break_a_line_are_escaped(string name, string expected)
    {
        await Chain("log . \"{name}\"").AskAsync(name);
        Assert.Equal("Information " + expected, Assert.Single(_log.Lines));
    }

    [Fact]
    public async Task What_is_not_answered_is_not_written()
    {
        await Chain("log").AskAsync("drop.example.org");
        Assert.Empty(_log.Lines);
    }

    [Theory]
    [InlineData("log {\n clas all\n }", "Corefile:3: ")]
    [InlineData("log {\n class none\n }", "Corefile:3: ")]
    [InlineData("log {\n class\n }", "Corefile:3: ")]
    public void Mistakes_are_named_with_their_line(string directive, string expected) =>
        Assert.StartsWith(expected, Assert.Throws<CorefileException>(() => Chain(directive)).Message, StringComparison.Ordinal);

    private ChainHarness Chain(string directive) => new($".:53 {{\n {directive}\n}}\n", new FakeHandler(Answer), _time, _log);

    private void Answer(QueryContext query)
    {
        _time.Advance(TimeSpan.FromMicroseconds(123));
        var response = query.Response;
        switch (query.LowerName.IsRoot ? "www" : System.Text.Encoding.ASCII.GetString(query.LowerName.FirstLabel))
        {
            case "nodata":
                response.Begin("fake", authoritative: false);
                AddSoa(response);
                break;
            case "nxdomain":
                response.Begin("fake", authoritative: false, ResponseCode.NXDomain);
                AddSoa(response);
                break;
            case "bare-nxdomain":
                response.Fail(ResponseCode.NXDomain, "fake");
                break;
            case "servfail":
                response.Fail(ResponseCode.ServFail, "fake");
                break;
            case "empty":
                response.Begin("fake", authoritative: false);
                break;
            case "drop":
                response.Drop("fake");
                break;
            default:
                response.Begin("fake", authoritative: false);
                response.AddAnswer(NameRef.QueryName, RecordType.A, 60, [192, 0, 2, 1]);
                break;
        }
    }

    private static void AddSoa(Response response) =>
        response.AddAuthority(NameRef.QueryName, RecordType.SOA, 60, [0, 0, .. new byte[20]]);
}
