using ARSoft.Tools.Net.Dns;
using Xunit;

namespace ClusterDns.FunctionalTests.Serving;

/// <summary>Records of the kinds that zone files hold arrive at independent clients as they were written.</summary>
public sealed class RecordTypesTests(RecordTypesTests.ZoneServer zone) : IClassFixture<RecordTypesTests.ZoneServer>
{
    private const string Zone = """
        $ORIGIN types.test.
        $TTL 60
        @ IN SOA ns.types.test. hostmaster.types.test. 1 3600 600 86400 60
        @ IN NS ns.types.test.
        ns IN A 192.0.2.53

        """;

    public static TheoryData<string, string> Records { get; } = new()
    {
        { "A", "192.0.2.1" },
        { "AAAA", "2001:db8::1" },
        { "CNAME", "ns.types.test." },
        { "MX", "10 mail.types.test." },
        { "PTR", "ns.types.test." },
        { "TXT", "\"one\" \"two words\"" },
        { "SRV", "1 2 3 host.types.test." },
        { "NAPTR", "100 50 \"s\" \"SIP+D2U\" \"\" _sip._udp.types.test." },
        { "CAA", "0 issue \"ca.test\"" },
        { "HINFO", "\"CPU\" \"OS\"" },
        { "RP", "admin.types.test. text.types.test." },
        { "SSHFP", "4 2 123456789ABCDEF67890123456789ABCDEF67890123456789ABCDEF123456789" },
        { "TLSA", "3 1 1 0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF" },
        { "DS", "12345 13 2 0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF" },
        { "DNSKEY", "257 3 13 AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=" },
        { "URI", "10 1 \"https://types.test/\"" },
        { "EUI48", "00-00-5e-00-53-2a" },
        { "OPENPGPKEY", "AQIDBAUGBwg=" },
        { "DNAME", "other.test." },
        { "SVCB", "1 svc.types.test. alpn=\"h2,h3\" port=8443" },
        { "HTTPS", "1 . alpn=\"h2\" ipv4hint=192.0.2.1" },
        { "TYPE65400", "\\# 4 DEADBEEF" },
    };

    [Theory]
    [MemberData(nameof(Records))]
    public async Task A_record_arrives_as_it_was_written(string type, string rdata)
    {
        foreach (string transport in (string[])["+notcp", "+tcp"])
        {
            DigReply reply = await zone.Server.DigAsync($"{transport} +nosplit {Owner(type)} {type}");
            Assert.Contains($"{Owner(type)}. 60 IN {type} {rdata}", reply.Answer);
        }
    }

    [Theory]
    [MemberData(nameof(Records))]
    public async Task A_second_parser_knows_its_type(string type, string rdata)
    {
        byte[] octets = await zone.Server.Dns.AskUdpAsync(DnsPeer.Query(Owner(type) + ".", type, 1232));
        DnsRecordBase record = DnsMessage.Parse(octets).AnswerRecords[0];
        Assert.Equal($"{Owner(type)}.", record.Name.ToString());
        Assert.Equal(60, record.TimeToLive);
        // It quotes fewer strings than dig does.
        Assert.Equal($"{Owner(type)}. 60 IN {type} {Unquoted(rdata)}", Unquoted(record.ToString()));
    }

    [Fact]
    public async Task The_zone_is_transferred_whole()
    {
        DigReply reply = await zone.Server.DigAsync("types.test AXFR +onesoa +nocmd +nostats");
        string[] lines = reply.Text.Split('\n');
        string[] records = [.. lines.Where(static line => line.Contains("\tIN\t", StringComparison.Ordinal))];
        Assert.Equal(Records.Count + 3, records.Length);
        Assert.Contains("\tSOA\t", records[0], StringComparison.Ordinal);
    }

    private static string Unquoted(string text) => text.Replace("\"", "", StringComparison.Ordinal);

    private static string Owner(string type) => $"{type.ToLowerInvariant()}-type.types.test";

    /// <summary>Serves the zone, and hands it out.</summary>
    public sealed class ZoneServer : IAsyncLifetime
    {
        private const string Corefile = """
            types.test:{PORT} {
                bind 127.0.0.1
                file zone
                transfer {
                    to *
                }
            }
            """;

        private CorefileServer? _server;

        // Set by InitializeAsync, which the test framework calls first.
        internal CorefileServer Server => _server!;

        public async ValueTask InitializeAsync()
        {
            IEnumerable<string> lines = Records.Select(static row => row.Data)
                .Select(static record => $"{Owner(record.Item1)}. IN {record.Item1} {record.Item2}\n");
            _server = await CorefileServer.StartAsync(Corefile, ("zone", Zone + string.Concat(lines)));
        }

        public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
