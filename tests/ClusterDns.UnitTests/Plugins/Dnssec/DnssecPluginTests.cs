using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;
using ClusterDns.Plugins.Dnssec;
using ClusterDns.Protocol.Edns;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Dnssec;
using ClusterDns.Testing.Transports;
using ClusterDns.Testing.Wire;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Dnssec;

public sealed class DnssecPluginTests : IDisposable
{
    private const string Zone = """
        $TTL 60
        @ SOA ns h 1 2 3 4 5
        @ NS ns
        ns A 10.0.0.1
        www A 10.0.0.2
        www A 10.0.0.3
        alias CNAME www
        gone CNAME nothing
        sub NS ns.sub
        ns.sub A 10.0.0.5
        ds NS ns.ds
        ns.ds A 10.0.0.6
        ds DS 1 13 2 0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF
        """;

    private const string Types = "HINFO TXT AAAA LOC SRV CERT SSHFP RRSIG NSEC TLSA HIP OPENPGPKEY SPF";

    private readonly string _folder = Directory.CreateTempSubdirectory("clusterdns").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
    private readonly MadeKey _key = KeyMaker.Make("s.example.", 13, 256);

    public DnssecPluginTests()
    {
        _key.WriteTo(_folder);
        File.WriteAllText(Path.Combine(_folder, "db"), Zone + "\n");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("")]
    [InlineData("cache")]
    public async Task Answers_are_signed_for_clients_that_set_DO_and_for_no_others(string front)
    {
        var chain = Chain(front: front);
        for (var round = 0; round < 2; round++)
        {
            Assert.Equal(["NS"], TypesOf((await chain.AskAsync("www.s.example"))!.Authority));
            Assert.Equal(["A", "A"], TypesOf((await chain.AskAsync("www.s.example", edns: 1232))!.Answer));
            var signed = await chain.AskAsync("www.s.example", edns: 1232, dnssecOk: true);
            Assert.Equal(["A", "A", "RRSIG"], TypesOf(signed!.Answer));
            Assert.Equal(["NS", "RRSIG"], TypesOf(signed.Authority));
        }
    }

    [Fact]
    public async Task Signatures_begin_three_hours_ago_and_hold_eight_days()
    {
        var signature = await SignatureAsync(Chain(), "www.s.example");

        Assert.StartsWith(
            $"www.s.example. 60 IN RRSIG A 13 3 3600 20261201120000 20261123090000 {_key.Tag} s.example. ",
            signature,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signatures_are_made_anew_two_days_before_they_end()
    {
        var chain = Chain();
        var first = await SignatureAsync(chain, "www.s.example");
        _time.Advance(TimeSpan.FromDays(6) - TimeSpan.FromSeconds(1));
        Assert.Equal(first, await SignatureAsync(chain, "www.s.example"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains(" 20261207120000 20261129090000 ", await SignatureAsync(chain, "www.s.example"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none.s.example.", RecordType.A, @"none.s.example. 60 IN NSEC \000.none.s.example. " + Types)]
    [InlineData("www.s.example.", RecordType.TXT, @"www.s.example. 60 IN NSEC \000.www.s.example. A HINFO AAAA LOC SRV CERT SSHFP RRSIG NSEC TLSA HIP OPENPGPKEY SPF")]
    [InlineData("www.s.example.", RecordType.RRSIG, @"www.s.example. 60 IN NSEC \000.www.s.example. A " + Types)]
    [InlineData("NONE.s.example.", RecordType.A, @"NONE.s.example. 60 IN NSEC \000.none.s.example. " + Types)]
    [InlineData("gone.s.example.", RecordType.A, @"nothing.s.example. 60 IN NSEC \000.nothing.s.example. " + Types)]
    public async Task What_is_not_there_is_denied_with_one_NSEC_of_its_own(string name, RecordType type, string expected)
    {
        var reply = await Chain().AskAsync(name, type, edns: 1232, dnssecOk: true);

        Assert.Equal(0, reply!.ResponseCode);
        Assert.Equal(["NSEC", "RRSIG", "RRSIG", "SOA"], TypesOf(reply.Authority).Order(StringComparer.Ordinal));
        Assert.Equal(expected, Line(reply.Authority, "NSEC"));
    }

    [Fact]
    public async Task An_alias_to_nothing_is_signed_with_its_denial()
    {
        var reply = await Chain().AskAsync("gone.s.example", edns: 1232, dnssecOk: true);

        Assert.Equal(["CNAME", "RRSIG"], TypesOf(reply!.Answer));
    }

    [Fact]
    public async Task A_question_for_NSEC_is_answered_with_the_denial()
    {
        var reply = await Chain().AskAsync("none.s.example", RecordType.NSEC, edns: 1232, dnssecOk: true);

        Assert.Equal(["NSEC", "RRSIG"], TypesOf(reply!.Answer));
        Assert.Empty(reply.Authority);
    }

    [Theory]
    [InlineData("sub.s.example", RecordType.A)]
    [InlineData("h.sub.s.example", RecordType.TXT)]
    public async Task A_referral_proves_that_its_cut_has_no_DS(string name, RecordType type)
    {
        var reply = await Chain().AskAsync(name, type, edns: 1232, dnssecOk: true);

        Assert.Equal(["NS", "NSEC", "RRSIG"], TypesOf(reply!.Authority));
        Assert.Equal(@"sub.s.example. 60 IN NSEC sub\000.s.example. NS RRSIG NSEC", Line(reply.Authority, "NSEC"));
        Assert.Equal(["A"], TypesOf(reply.Additional));
    }

    [Fact]
    public async Task A_referral_with_DS_has_that_signed()
    {
        var reply = await Chain().AskAsync("h.ds.s.example", edns: 1232, dnssecOk: true);

        Assert.Equal(["DS", "NS", "RRSIG"], TypesOf(reply!.Authority).Order(StringComparer.Ordinal));
        Assert.StartsWith("ds.s.example. 60 IN RRSIG DS 13 3 3600 ", Line(reply.Authority, "RRSIG"), StringComparison.Ordinal);
    }

    // An NSEC with NS and without DS makes what lies below insecure (RFC 4035 §5.2): it must not exist for other names.
    [Theory]
    [InlineData("sub.s.example.", "NS RRSIG NSEC")]
    [InlineData("www.s.example.", "A " + Types)]
    [InlineData("none.s.example.", "A " + Types)]
    [InlineData("a.none.s.example.", "A " + Types)]
    public async Task Only_a_zone_cut_is_proved_to_be_one(string name, string types)
    {
        var reply = await Chain().AskAsync(name, RecordType.DS, edns: 1232, dnssecOk: true);

        Assert.Equal($@"{name} 60 IN NSEC \000.{name} {types}", Line(reply!.Authority, "NSEC"));
    }

    [Fact]
    public async Task Keys_are_answered_at_the_apex_with_and_without_DO()
    {
        var chain = Chain();
        var reply = await chain.AskAsync("s.example", RecordType.DNSKEY);
        Assert.Equal(["DNSKEY"], TypesOf(reply!.Answer));
        Assert.Equal(HeaderFlags.Authoritative, (HeaderFlags)reply.Bits & HeaderFlags.Authoritative);
        Assert.Equal(["DNSKEY", "RRSIG"], TypesOf((await chain.AskAsync("s.example", RecordType.DNSKEY, edns: 1232, dnssecOk: true))!.Answer));
        Assert.Empty((await chain.AskAsync("www.s.example", RecordType.DNSKEY, edns: 1232, dnssecOk: true))!.Answer);
    }

    [Fact]
    public async Task Keys_with_SEP_sign_keys_only_where_there_are_others()
    {
        var ksk = KeyMaker.Make("s.example.", 15);
        ksk.WriteTo(_folder);
        var chain = Chain($"key file {_key.Stem} {ksk.Stem}.key");

        Assert.Contains($" {_key.Tag} s.example. ", await SignatureAsync(chain, "www.s.example"), StringComparison.Ordinal);
        var keys = await chain.AskAsync("s.example", RecordType.DNSKEY, edns: 1232, dnssecOk: true);
        Assert.Equal(["DNSKEY", "DNSKEY", "RRSIG"], TypesOf(keys!.Answer));
        Assert.Contains($" DNSKEY 15 2 3600 20261201120000 20261123090000 {ksk.Tag} ", Line(keys.Answer, "RRSIG"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_signed_already_allocates_nothing()
    {
        var chain = Chain();
        (string Name, RecordType Type)[] questions =
        [
            ("www.s.example", RecordType.A), ("none.s.example", RecordType.A), ("h.sub.s.example", RecordType.A),
            ("sub.s.example", RecordType.DS), ("alias.s.example", RecordType.A), ("s.example", RecordType.DNSKEY),
        ];
        foreach (var (name, type) in questions)
        {
            await chain.AskAsync(name, type, edns: 1232, dnssecOk: true);
            var allocated = chain.MeasureAllocation(ChainHarness.Question(name, type, edns: 1232, dnssecOk: true));
            Assert.True(allocated == 0, $"{name} {type} {allocated}");
        }
    }

    [Fact]
    public async Task Hits_and_misses_are_counted_for_each_RRset()
    {
        var chain = Chain();
        await chain.AskAsync("www.s.example", edns: 1232, dnssecOk: true);
        await chain.AskAsync("www.s.example", edns: 1232, dnssecOk: true);
        await chain.AskAsync("none.s.example", edns: 1232, dnssecOk: true);

        Assert.Equal(2, Value(chain, "coredns_dnssec_cache_hits_total"));
        Assert.Equal(4, Value(chain, "coredns_dnssec_cache_misses_total"));
        Assert.Equal(4, Value(chain, "coredns_dnssec_cache_entries"));
    }

    [Fact]
    public async Task What_comes_signed_or_from_elsewhere_stays_as_it_is()
    {
        var chain = new ChainHarness($"s.example {{\n root {_folder}\n dnssec {{\n key file {_key.Stem}\n }}\n}}", new FakeHandler(Presigned), _time);
        var reply = await chain.AskAsync("www.s.example", edns: 1232, dnssecOk: true);

        Assert.Equal(["CNAME", "RRSIG", "A"], TypesOf(reply!.Answer));
    }

    [Fact]
    public async Task A_set_is_signed_as_one_though_its_records_stand_apart()
    {
        var chain = new ChainHarness($"s.example {{\n root {_folder}\n dnssec {{\n key file {_key.Stem}\n }}\n}}", new FakeHandler(Scattered), _time);
        var first = await chain.AskAsync("www.s.example", edns: 1232, dnssecOk: true);
        var second = await chain.AskAsync("www.s.example", edns: 1232, dnssecOk: true);

        Assert.Equal(["A", "TXT", "A", "RRSIG", "RRSIG"], TypesOf(first!.Answer));
        Assert.Equal(first.Answer[3].ToString(), second!.Answer[3].ToString());
        Assert.Equal(2, Value(chain, "coredns_dnssec_cache_misses_total"));
    }

    [Fact]
    public async Task Where_too_many_signatures_wait_the_answer_is_a_failure_that_says_so()
    {
        var chain = Behind(new SigningQueue(workers: 0, capacity: 0), Scattered);
        var query = new QueryContext();
        Assert.True(await chain.RunAsync(query, ChainHarness.Question("www.s.example", RecordType.A, edns: 1232, dnssecOk: true)));

        Assert.Equal(ResponseCode.ServFail, query.Response.Code);
        Assert.Equal(ExtendedDnsError.Other, query.Response.ExtendedError);
        Assert.Equal(0, query.Response.Answer.Count);
        Assert.Equal("too many signatures are waiting", query.Response.Error);
    }

    [Fact]
    public async Task A_query_that_may_not_wait_is_dropped()
    {
        var chain = Behind(new SigningQueue(workers: 0, capacity: 10), query =>
        {
            Scattered(query);
            query.ForbidWaiting(drops: null);
        });

        Assert.Null(await chain.AskAsync("www.s.example", edns: 1232, dnssecOk: true));
    }

    [Theory]
    [InlineData("key", "at least 2 arguments")]
    [InlineData("key file", "at least 2 arguments")]
    [InlineData("key file missing", "missing.key")]
    [InlineData("key files x", "file or aws_secretsmanager")]
    [InlineData("key aws_secretsmanager", "at least 2 arguments")]
    [InlineData("cache_capacity", "1 argument")]
    [InlineData("cache_capacity many", "a whole number")]
    [InlineData("nonsense", "unknown property 'nonsense'")]
    public void A_mistake_is_told_with_its_line(string property, string expected)
    {
        var exception = Assert.Throws<CorefileException>(() => Chain(property));

        Assert.Equal(3, exception.Line);
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_of_another_zone_is_a_mistake()
    {
        var other = KeyMaker.Make("other.example.", 13);
        other.WriteTo(_folder);

        var exception = Assert.Throws<CorefileException>(() => Chain($"key file {other.Stem}"));
        Assert.Contains($"key other.example. (keyid: {other.Tag}) can not sign any of the zones", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_directive_is_a_mistake() =>
        Assert.Throws<CorefileException>(() => new ChainHarness("s.example {\n dnssec\n dnssec\n}"));

    [Fact]
    public async Task Without_a_key_nothing_is_signed_and_a_warning_says_so()
    {
        using var log = new KeptLog();
        var chain = new ChainHarness("s.example {\n dnssec\n}", new FakeHandler(Scattered), _time, log);

        Assert.Equal(["A", "TXT", "A"], TypesOf((await chain.AskAsync("www.s.example", edns: 1232, dnssecOk: true))!.Answer));
        Assert.Equal(["Warning plugin/dnssec: Corefile:2: found no key, so nothing is signed"], log.Lines);
    }

    private static void Presigned(QueryContext query)
    {
        var rdata = new byte[40];
        rdata[1] = (byte)RecordType.CNAME;
        query.Response.Begin("test", authoritative: true);
        query.Response.AddAnswer(NameRef.QueryName, RecordType.CNAME, 60, DnsName.Parse("www.other.example").Wire);
        query.Response.AddAnswer(NameRef.QueryName, RecordType.RRSIG, 60, rdata);
        query.Response.AddAnswer(DnsName.Parse("www.other.example"), RecordType.A, 60, [10, 0, 0, 1]);
    }

    private static void Scattered(QueryContext query)
    {
        query.Response.Begin("test", authoritative: true);
        query.Response.AddAnswer(NameRef.QueryName, RecordType.A, 60, [10, 0, 0, 1]);
        query.Response.AddAnswer(NameRef.QueryName, RecordType.TXT, 60, [1, (byte)'t']);
        query.Response.AddAnswer(DnsName.Parse("WWW.s.example"), RecordType.A, 60, [10, 0, 0, 2]);
    }

    private ChainHarness Chain(string? property = null, string front = "") =>
        new($"s.example {{\n dnssec {{\n {property ?? $"key file {_key.Stem}"}\n }}\n root {_folder}\n file db\n {front}\n}}", time: _time);

    private ChainHarness Behind(SigningQueue queue, Action<QueryContext> handle)
    {
        var parsed = Chain();
        var factory = DnssecPlugin.Configure(parsed.Block.Block.DirectivesNamed("dnssec"), parsed.Block, queue);
        return new ChainHarness("s.example", factory!(new FakeHandler(handle)), _time);
    }

    private static async Task<string> SignatureAsync(ChainHarness chain, string name) =>
        Line((await chain.AskAsync(name, edns: 1232, dnssecOk: true))!.Answer, "RRSIG");

    private static string Line(List<WireRecord> section, string type) =>
        section.Select(static record => record.ToString()).Single(line => line.Split(' ')[3] == type);

    private static string[] TypesOf(List<WireRecord> section) => [.. section.Select(static record => record.ToString().Split(' ')[3])];

    private static double Value(ChainHarness chain, string name) => chain.Metrics.Families.Single(family => family.Name == name)
        .Series.Sum(static series => series.Series is Counter counter ? counter.Value : ((Gauge)series.Series).Value);
}
