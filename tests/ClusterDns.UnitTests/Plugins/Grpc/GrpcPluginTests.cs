using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Processes;
using ClusterDns.Testing.Transports;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Grpc;

/// <summary>The directive against this server's own gRPC transport.</summary>
public sealed class GrpcPluginTests : IAsyncDisposable
{
    private readonly TransportHarness _upstreams = new();
    private readonly List<BlockContext> _blocks = [];

    [Fact]
    public async Task Answer_is_given_back_as_it_came()
    {
        var chain = Chain($"grpc . {Upstream(TransportHarness.Address)}");

        var reply = await chain.AskAsync("www.test.", edns: 1232);

        Assert.Equal([192, 0, 2, 1], reply!.Answer[0].Rdata);
        Assert.Equal(0x8500, reply.Bits & 0xffff); // QR, AA as the upstream has it, RD; RA is not ours to add
    }

    [Theory]
    [InlineData("www.other.test.", true)]
    [InlineData("www.test.", false)]
    [InlineData("www.not.test.", true)]
    [InlineData("not.test.", true)]
    [InlineData("test.", false)]
    public async Task Other_names_go_to_the_next_directive(string name, bool isNext)
    {
        var chain = Chain($"grpc test {Upstream(TransportHarness.Address)} {{\nexcept other.test not.test\n}}", new FakeHandler(Refuse));

        var reply = await chain.AskAsync(name);

        Assert.Equal(isNext, reply!.Answer.Count == 0);
    }

    [Fact]
    public async Task Upstream_that_is_gone_is_followed_by_the_next()
    {
        var chain = Chain($"grpc . 127.0.0.1:{FreePorts.Take()} {Upstream(TransportHarness.Address)} {{\npolicy sequential\n}}");

        Assert.Single((await chain.AskAsync("www.test."))!.Answer);
    }

    [Fact]
    public async Task No_upstream_left_is_SERVFAIL_with_the_last_error()
    {
        var chain = Chain($"grpc . 127.0.0.1:{FreePorts.Take()}");
        var query = new QueryContext();

        await chain.RunAsync(query, ChainHarness.Question("www.test.", RecordType.A));

        Assert.Equal(ResponseCode.ServFail, query.Response.Code);
        Assert.StartsWith("rpc error: code = Unavailable desc = ", query.Response.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Round_robin_starts_at_the_second_and_goes_on_by_one()
    {
        var hits = new int[3];
        var upstreams = Enumerable.Range(0, 3).Select(index => Upstream(new FakeHandler(query =>
        {
            hits[index]++;
            return TransportHarness.Address.HandleAsync(query);
        })));
        var chain = Chain($"grpc . {string.Join(' ', upstreams)} {{\npolicy round_robin\n}}");

        await chain.AskAsync("www.test.");
        Assert.Equal([0, 1, 0], hits);
        await chain.AskAsync("www.test.");
        await chain.AskAsync("www.test.");
        Assert.Equal([1, 1, 1], hits);
    }

    [Theory]
    [InlineData("fallthrough", true)]
    [InlineData("fallthrough test", true)]
    [InlineData("fallthrough example", false)]
    [InlineData("policy random", false)]
    public async Task NXDOMAIN_falls_through_where_it_may(string property, bool falls)
    {
        var denial = new FakeHandler(static query => query.Response.Begin("test", authoritative: true, ResponseCode.NXDomain));
        var chain = Chain($"grpc . {Upstream(denial)} {{\n{property}\n}}", new FakeHandler(Refuse));

        var reply = await chain.AskAsync("www.test.");

        Assert.Equal(falls ? (int)ResponseCode.Refused : (int)ResponseCode.NXDomain, reply!.Bits & 0xf);
    }

    [Fact]
    public async Task Reply_to_another_question_is_FORMERR()
    {
        var liar = new FakeHandler(static query =>
        {
            query.Response.Begin("test", authoritative: true);
            query.Response.IncludesQuestion = false;
        });
        var chain = Chain($"grpc . {Upstream(liar)}");

        Assert.Equal((int)ResponseCode.FormErr, (await chain.AskAsync("www.test."))!.Bits & 0xf);
    }

    [Fact]
    public async Task Answers_are_counted_by_upstream_and_code()
    {
        var upstream = Upstream(TransportHarness.Address);
        var chain = Chain($"grpc . {upstream}");

        await chain.AskAsync("www.test.");

        Assert.Equal(1, chain.Metrics.Counter("coredns_grpc_requests_total", "", "to").With(upstream).Value);
        Assert.Equal(1, chain.Metrics.Counter("coredns_grpc_responses_total", "", "rcode", "to").With("NOERROR", upstream).Value);
        Assert.Contains(chain.Metrics.Families, static family =>
            family is MetricFamily<Histogram> { Name: "coredns_grpc_request_duration_seconds" } && family.Series.Any());
    }

    [Theory]
    [InlineData("grpc")]
    [InlineData("grpc .")]
    [InlineData("grpc . tls://127.0.0.1")]
    [InlineData("grpc . 127.0.0.1 {\npolicy fastest\n}")]
    [InlineData("grpc . 127.0.0.1 {\npolicy\n}")]
    [InlineData("grpc . 127.0.0.1 {\nexcept\n}")]
    [InlineData("grpc . 127.0.0.1 {\nforce_tcp\n}")]
    [InlineData("grpc . 127.0.0.1 {\ntls nosuch.pem\n}")]
    [InlineData("grpc . 1.1.1.1 1.1.1.2 1.1.1.3 1.1.1.4 1.1.1.5 1.1.1.6 1.1.1.7 1.1.1.8 1.1.1.9 1.1.1.10 1.1.1.11 1.1.1.12 1.1.1.13 1.1.1.14 1.1.1.15 1.1.1.16")]
    public void Configure_refuses_what_it_cannot_read(string text)
    {
        Assert.Throws<CorefileException>(() => Chain(text));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var step in _blocks.SelectMany(static block => block.Shutdown))
        {
            await step();
        }

        await _upstreams.DisposeAsync();
    }

    private static void Refuse(QueryContext query) => query.Response.Fail(ResponseCode.Refused, "test");

    private string Upstream(IQueryHandler handler) =>
        _upstreams.Start(_upstreams.Group(handler, scheme: TransportScheme.Grpc)).LocalEndPoint.ToString();

    private ChainHarness Chain(string text, IQueryHandler? last = null)
    {
        var chain = new ChainHarness($".:53 {{\n{text}\n}}\n", last, new StandingClock());
        _blocks.Add(chain.Block);
        return chain;
    }
}
