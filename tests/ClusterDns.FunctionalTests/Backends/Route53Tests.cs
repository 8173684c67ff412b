using ClusterDns.Core.Corefile;
using ClusterDns.Testing.Backends;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Transports;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.FunctionalTests.Backends;

public sealed class Route53Tests : IAsyncLifetime
{
    private const string Soa = "aws.test. 900 IN SOA ns.aws.test. hostmaster.aws.test. 1 7200 900 1209600 86400";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly KeptLog _log = new();
    private readonly CancellationTokenSource _end = new();
    private HttpDouble? _aws;

    private HttpDouble Aws => _aws ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync() => _aws = await HttpDouble.StartAsync(static request => Zones("10.0.0.1", request));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _end.Dispose();
        await Aws.DisposeAsync();
    }

    [Theory]
    [InlineData("a.aws.test", "A", "a.aws.test. 60 IN A 10.0.0.1|a.aws.test. 60 IN A 10.0.0.2")]
    [InlineData("x.wild.aws.test", "A", "x.wild.aws.test. 60 IN A 10.0.0.3")]
    [InlineData("_sip.aws.test", "TXT", "_sip.aws.test. 60 IN TXT \"one \\\"quoted\\\"\" \"two\"")]
    [InlineData("alias.aws.test", "A", "alias.aws.test. 60 IN CNAME a.aws.test.|a.aws.test. 60 IN A 10.0.0.1|a.aws.test. 60 IN A 10.0.0.2")]
    [InlineData("a.aws.test", "MX", "NoError|" + Soa)]
    [InlineData("none.aws.test", "A", "NXDomain|" + Soa)]
    [InlineData("only.aws.test", "A", "only.aws.test. 60 IN A 10.9.9.9")]
    [InlineData("elsewhere.test", "A", "next")]
    public async Task Answers_from_the_hosted_zones(string name, string type, string expected)
    {
        var chain = await StartAsync("route53 aws.test:ZPUBLIC aws.test.:ZPRIVATE");

        Assert.Equal(expected, await chain.DescribeAsync(name, type));
    }

    [Fact]
    public async Task Asks_for_all_pages_with_a_signature()
    {
        await StartAsync("route53 aws.test:ZPUBLIC");

        Assert.Equal(
            ["?maxitems=1000", "?maxitems=1000&name=page2.aws.test.&type=A&identifier=set%201"],
            Aws.Requests.Select(static request => request.Query));
        Assert.All(Aws.Requests, static request => Assert.Matches(
            "^AWS4-HMAC-SHA256 Credential=KEY/20250101/us-east-1/route53/aws4_request, SignedHeaders=host;x-amz-date, Signature=[0-9a-f]{64}$",
            request.Header("Authorization")));
    }

    [Theory]
    [InlineData("", "NXDomain|" + Soa)]
    [InlineData("fallthrough", "next")]
    [InlineData("fallthrough aws.test", "next")]
    [InlineData("fallthrough other.test", "NXDomain|" + Soa)]
    public async Task Names_that_do_not_exist_fall_through(string option, string expected)
    {
        var chain = await StartAsync("route53 aws.test:ZPRIVATE", option);

        Assert.Equal(expected, await chain.DescribeAsync("none.aws.test"));
    }

    [Fact]
    public async Task A_zone_that_cannot_be_loaded_at_first_keeps_the_server_from_starting()
    {
        Aws.Answer(static _ => new DoubleReply("<Error><Message>AccessDenied</Message></Error>", 403));

        var error = await Assert.ThrowsAsync<CorefileException>(() => StartAsync("route53 aws.test:ZPUBLIC"));
        Assert.StartsWith("Corefile:2: plugin/route53: failed to initialize route53 plugin: ZPUBLIC: Route 53 answered 403: ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no xml")]
    [InlineData("<a/>")]
    [InlineData("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>")]
    public async Task Nonsense_keeps_the_server_from_starting(string body)
    {
        Aws.Answer(_ => new DoubleReply(body));

        await Assert.ThrowsAsync<CorefileException>(() => StartAsync("route53 aws.test:ZPUBLIC"));
    }

    [Fact]
    public async Task Changes_are_seen_after_a_minute_and_failures_leave_what_was_there()
    {
        const string before = "a.aws.test. 60 IN A 10.0.0.1|a.aws.test. 60 IN A 10.0.0.2";
        const string after = "a.aws.test. 60 IN A 10.7.7.7|a.aws.test. 60 IN A 10.0.0.2";
        var chain = await StartAsync("route53 aws.test:ZPUBLIC");
        var refreshing = Assert.Single(chain.Block.Serving)(_end.Token).AsTask();

        Aws.Answer(static _ => new DoubleReply("", 500));
        await MinutesUntilAsync(() => HasLogged("Error plugin/route53: Failed to update zone ZPUBLIC, what was loaded before is served: Route 53 answered 500"));
        Assert.Equal(before, await chain.DescribeAsync("a.aws.test"));

        Aws.Answer(static request => Zones("10.7.7.7", request));
        await MinutesUntilAsync(() => HasLogged("Information plugin/route53: Updated zone ZPUBLIC again"));
        await chain.UntilAsync("a.aws.test", after, TestContext.Current.CancellationToken);

        await _end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => refreshing);
    }

    [Fact]
    public async Task An_answer_allocates_nothing()
    {
        var chain = await StartAsync("route53 aws.test:ZPUBLIC aws.test:ZPRIVATE");

        Assert.Equal(0, chain.MeasureAllocation("a.aws.test"));
        Assert.Equal(0, chain.MeasureAllocation("only.aws.test"));
    }

    [Theory]
    [InlineData("route53 aws.test", "", "ZONE:HOSTED_ZONE_ID")]
    [InlineData("route53 :Z", "", "ZONE:HOSTED_ZONE_ID")]
    [InlineData("route53 aws.test:", "", "ZONE:HOSTED_ZONE_ID")]
    [InlineData("route53 aws.test:Z aws.test:Z", "", "conflict zone")]
    [InlineData("route53 aws.test:Z", "aws_access_key A", "2 arguments")]
    [InlineData("route53 aws.test:Z", "aws_endpoint nowhere", "URL")]
    [InlineData("route53 aws.test:Z", "credentials", "1 argument")]
    [InlineData("route53 aws.test:Z", "refresh", "1 argument")]
    [InlineData("route53 aws.test:Z", "refresh 0", "a duration")]
    [InlineData("route53 aws.test:Z", "refresh soon", "a duration")]
    [InlineData("route53 aws.test:Z", "colour blue", "unknown property")]
    public void Configure_refuses_what_it_does_not_know(string directive, string option, string expected)
    {
        var error = Assert.Throws<CorefileException>(() => Chain(directive, option));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static DoubleReply Zones(string address, DoubleRequest request) => request switch
    {
        { Path: "/2013-04-01/hostedzone/ZPRIVATE/rrset" } => Page("", Start(), Set("only.aws.test.", "A", "10.9.9.9")),
        { Path: "/2013-04-01/hostedzone/ZPUBLIC/rrset", Query: "?maxitems=1000" } => Page(
            "<NextRecordName>page2.aws.test.</NextRecordName><NextRecordType>A</NextRecordType><NextRecordIdentifier>set 1</NextRecordIdentifier>",
            Start(),
            Set("a.aws.test.", "A", address, "10.0.0.2"),
            Set("\\052.wild.aws.test.", "A", "10.0.0.3"),
            "<ResourceRecordSet><Name>lb.aws.test.</Name><Type>A</Type><AliasTarget><DNSName>elb.test.</DNSName></AliasTarget></ResourceRecordSet>",
            Set("bad.aws.test.", "A", "not an address")),
        { Path: "/2013-04-01/hostedzone/ZPUBLIC/rrset" } => Page(
            "", Set("\\137sip.aws.test.", "TXT", "\"one \\\"quoted\\\"\" \"two\""), Set("alias.aws.test.", "CNAME", "a.aws.test")),
        _ => new DoubleReply("", 404),
    };

    private static DoubleReply Page(string next, params string[] sets) => new(
        "<?xml version=\"1.0\"?><ListResourceRecordSetsResponse xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><ResourceRecordSets>"
        + $"{string.Concat(sets)}</ResourceRecordSets><IsTruncated>{(next.Length > 0 ? "true" : "false")}</IsTruncated>{next}</ListResourceRecordSetsResponse>");

    private static string Start() => Set("aws.test.", "SOA", "ns.aws.test. hostmaster.aws.test. 1 7200 900 1209600 86400").Replace(">60<", ">900<", StringComparison.Ordinal);

    private static string Set(string name, string type, params string[] values) =>
        $"<ResourceRecordSet><Name>{name}</Name><Type>{type}</Type><TTL>60</TTL><ResourceRecords>"
        + string.Concat(values.Select(static value => $"<ResourceRecord><Value>{value}</Value></ResourceRecord>"))
        + "</ResourceRecords></ResourceRecordSet>";

    private async Task<ChainHarness> StartAsync(string directive, string option = "")
    {
        var chain = Chain(directive, option);
        await chain.StartAsync();
        return chain;
    }

    private ChainHarness Chain(string directive, string option) => new(
        $".:53 {{\n {directive} {{\n aws_access_key KEY SECRET\n aws_endpoint {Aws.Address}\n {option}\n }}\n}}\n",
        new FakeHandler(static query => query.Response.Fail(Replies.Next, "test")),
        _time,
        _log);

    private bool HasLogged(string start) => _log.Lines.Any(line => line.StartsWith(start, StringComparison.Ordinal));

    // One minute after the other: what refreshes may begin to wait for the next one after a test has seen what it did.
    private async Task MinutesUntilAsync(Func<bool> holds)
    {
        while (!holds())
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
