using ClusterDns.Core.Corefile;
using ClusterDns.Core.Telemetry;
using ClusterDns.Testing.Backends;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Processes;
using ClusterDns.Testing.Transports;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.FunctionalTests.Backends;

public sealed class NomadTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private HttpDouble? _nomad;

    private HttpDouble Nomad => _nomad ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync() => _nomad = await HttpDouble.StartAsync(Answer);

    public ValueTask DisposeAsync() => Nomad.DisposeAsync();

    [Theory]
    [InlineData("web.default.service.nomad", "A", "web.default.service.nomad. 30 IN A 10.0.0.1|web.default.service.nomad. 30 IN A 10.0.0.2")]
    [InlineData("Web.Default.Service.Nomad", "AAAA", "Web.Default.Service.Nomad. 30 IN AAAA 2001:db8::1")]
    [InlineData(
        "web.default.service.nomad",
        "SRV",
        "web.default.service.nomad. 30 IN SRV 10 10 8080 web.default.service.nomad.|web.default.service.nomad. 30 IN SRV 10 10 8081 web.default.service.nomad."
        + "|web.default.service.nomad. 30 IN SRV 10 10 8082 web.default.service.nomad.|+web.default.service.nomad. 30 IN A 10.0.0.1"
        + "|+web.default.service.nomad. 30 IN A 10.0.0.2|+web.default.service.nomad. 30 IN AAAA 2001:db8::1")]
    [InlineData(
        "web.default.service.nomad",
        "TXT",
        "NoError|web.default.service.nomad. 30 IN SOA ns1.web.default.service.nomad. hostmaster.service.nomad. 0 3600 600 86400 30")]
    [InlineData(
        "none.default.service.nomad",
        "A",
        "NXDomain|none.default.service.nomad. 30 IN SOA ns1.none.default.service.nomad. hostmaster.service.nomad. 0 3600 600 86400 30")]
    [InlineData("broken.default.service.nomad", "A", "ServFail")]
    [InlineData("default.service.nomad", "A", "next")]
    [InlineData("service.nomad", "SOA", "next")]
    [InlineData("web.default.service.test", "A", "next")]
    public async Task Answers_from_the_services(string name, string type, string expected) =>
        Assert.Equal(expected, await Chain($"nomad {{\n address {Nomad.Address}\n }}").DescribeAsync(name, type));

    [Fact]
    public async Task A_name_that_does_not_exist_has_its_SOA_among_the_answers()
    {
        var reply = await Chain($"nomad {{\n address {Nomad.Address}\n }}").AskAsync("none.default.service.nomad");

        Assert.Single(reply!.Answer); // a chain that answers everything
        Assert.Empty(reply.Authority);
        Assert.Equal(0x8400, reply.Bits & 0x8400);
    }

    [Fact]
    public async Task Options_do_what_they_say()
    {
        var chain = Chain($"nomad my.zone {{\n address {Nomad.Address}\n token hidden\n ttl 7\n filter \"Tags contains x\"\n }}");

        Assert.Equal(
            "web.prod.my.zone. 7 IN A 10.0.0.1|web.prod.my.zone. 7 IN A 10.0.0.2", await chain.DescribeAsync("web.prod.my.zone"));
        var request = Assert.Single(Nomad.Requests);
        Assert.Equal("hidden", request.Header("X-Nomad-Token"));
        Assert.Equal("?namespace=prod&filter=Tags%20contains%20x", request.Query);
    }

    [Fact]
    public async Task The_next_address_answers_when_one_is_away()
    {
        var chain = Chain($"nomad {{\n address http://127.0.0.1:{FreePorts.Take()} {Nomad.Address}\n }}");

        Assert.StartsWith("web.default.service.nomad. 30 IN A", await chain.DescribeAsync("web.default.service.nomad"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Counts_by_namespace_and_no_more_namespaces_than_bounded()
    {
        var chain = Chain($"nomad {{\n address {Nomad.Address}\n }}");
        await chain.DescribeAsync("web.default.service.nomad");
        for (var index = 0; index < 110; index++)
        {
            await chain.DescribeAsync($"none.space{index}.service.nomad");
        }

        Assert.Equal(["dns://:53 default 1"], Series(chain, "coredns_nomad_success_requests_total"));
        var failed = Series(chain, "coredns_nomad_failed_requests_total");
        Assert.Contains("dns://:53 other 11", failed);
        Assert.Equal(100, failed.Length);
    }

    [Fact]
    public async Task Ready_once_Nomad_has_answered()
    {
        Nomad.Answer(static _ => new DoubleReply("", 500));
        var chain = Chain($"nomad {{\n address {Nomad.Address}\n }}");
        var (name, isReady) = Assert.Single(chain.Block.Readiness);
        var probing = Assert.Single(chain.Block.Serving)(TestContext.Current.CancellationToken).AsTask();
        while (Nomad.Requests.Length == 0)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.Equal("nomad", name);
        Assert.False(isReady());
        Nomad.Answer(Answer);
        while (!probing.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.True(isReady());
    }

    [Theory]
    [InlineData("address", "1 argument")]
    [InlineData("address ftp://x", "URL")]
    [InlineData("token", "1 argument")]
    [InlineData("ttl 3601", "3600")]
    [InlineData("ttl x", "a whole number")]
    [InlineData("filter a b", "the end of the line")]
    [InlineData("colour blue", "unknown property")]
    public void Configure_refuses_what_it_does_not_know(string property, string expected)
    {
        var error = Assert.Throws<CorefileException>(() => Chain($"nomad {{\n {property}\n }}"));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static DoubleReply Answer(DoubleRequest request) => request.Path switch
    {
        "/v1/agent/self" => new DoubleReply("{}"),
        "/v1/service/web" => new DoubleReply("""
            [{"Address":"10.0.0.1","Port":8080,"ServiceName":"web"},{"Address":"10.0.0.2","Port":8081},{"Address":"2001:db8::1","Port":8082},
            {"Address":"not an address","Port":1}]
            """),
        "/v1/service/broken" => new DoubleReply("no JSON"),
        _ => new DoubleReply("[]"),
    };

    private static string[] Series(ChainHarness chain, string name) =>
    [
        .. chain.Metrics.Families.Single(family => family.Name == name).Series
            .Select(static series => $"{string.Join(' ', series.Values)} {((Counter)series.Series).Value}"),
    ];

    private ChainHarness Chain(string directive) => new(
        $".:53 {{\n {directive}\n}}\n", new FakeHandler(static query => query.Response.Fail(Replies.Next, "test")), _time);
}
