using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Transports;
using Xunit;

namespace ClusterDns.UnitTests.Pipeline;

public sealed class QueryRouterTests
{
    private readonly TransportHarness _harness = new();

    [Theory]
    [InlineData("example.org", RecordType.A, "example.org.")]
    [InlineData("a.EXAMPLE.org", RecordType.A, "example.org.")]
    [InlineData("notexample.org", RecordType.A, "org.")]
    [InlineData("x.sub.example.org", RecordType.A, "sub.example.org.")]
    [InlineData("com", RecordType.A, "Refused")]
    [InlineData("sub.example.org", RecordType.DS, "org.")]
    [InlineData("org", RecordType.DS, "org.")]
    public async Task The_longest_zone_answers_and_the_parent_side_for_DS(string name, RecordType type, string expected) =>
        Assert.Equal(expected, await AskAsync(Router("org", "example.org", "sub.example.org"), name, type));

    [Fact]
    public async Task The_root_answers_DS_only_where_no_other_zone_does()
    {
        var router = Router(".", "org");
        Assert.Equal("org.", await AskAsync(router, "a.org", RecordType.DS));
        Assert.Equal(".", await AskAsync(router, "a.com", RecordType.DS));
    }

    [Theory]
    [InlineData("a.com", RecordType.A)]
    [InlineData(".", RecordType.NS)]
    [InlineData("a.com", RecordType.DS)]
    public async Task A_lone_block_for_the_root_answers_everything(string name, RecordType type) =>
        Assert.Equal(".", await AskAsync(Router("."), name, type));

    [Fact]
    public async Task A_lone_block_for_the_root_answers_what_its_view_accepts()
    {
        var root = Route(".");
        root.Block.AddFilter(static query => query.Type is RecordType.A);
        var router = new QueryRouter([root], _harness.Services);

        Assert.Equal(".", await AskAsync(router, "a.com", RecordType.A));
        Assert.Equal("Refused", await AskAsync(router, "a.com", RecordType.MX));
    }

    [Fact]
    public async Task A_query_that_no_block_serves_has_no_block_left_from_the_query_before()
    {
        var query = new QueryContext();
        Assert.Equal("org.", await AskAsync(Router("org"), "org", RecordType.A, query: query));
        Assert.Equal("org.", query.Zone?.ToString());
        Assert.Equal("Refused", await AskAsync(Router("org"), "com", RecordType.A, query: query));
        Assert.Null(query.Zone);
        Assert.Null(query.Block);
    }

    [Fact]
    public async Task A_block_whose_view_does_not_accept_leaves_the_query_to_the_next_zone_up()
    {
        var (org, example) = (Route("org"), Route("example.org"));
        example.Block.AddFilter(static query => query.Type is RecordType.A);
        var router = new QueryRouter([org, example], _harness.Services);

        Assert.Equal("example.org.", await AskAsync(router, "a.example.org", RecordType.A));
        Assert.Equal("org.", await AskAsync(router, "a.example.org", RecordType.MX));
    }

    [Fact]
    public async Task Other_classes_are_refused_unless_a_block_says_it_answers_them()
    {
        var route = Route("org");
        Assert.Equal("Refused", await AskAsync(new QueryRouter([route], _harness.Services), "org", RecordType.A, RecordClass.CH));
        route.Block.HandlesOtherClasses = true;
        Assert.Equal("org.", await AskAsync(new QueryRouter([route], _harness.Services), "org", RecordType.A, RecordClass.CH));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_step_that_throws_ends_in_SERVFAIL_and_is_counted(bool afterAwait)
    {
        var thrower = new FakeHandler(async _ =>
        {
            if (afterAwait)
            {
                await Task.Yield();
            }

            throw new InvalidOperationException("a bug");
        });
        var route = Route("org") with { Chain = thrower };

        Assert.Equal("ServFail", await AskAsync(new QueryRouter([route], _harness.Services), "org", RecordType.A));
        Assert.Equal(1, _harness.Services.Metrics.Counter("coredns_panics_total", "").With().Value);
    }

    [Fact]
    public async Task A_block_without_a_step_that_answers_refuses() =>
        Assert.Equal("Refused", await AskAsync(new QueryRouter([Route("org") with { Chain = null }], _harness.Services), "org", RecordType.A));

    private static async Task<string> AskAsync(
        QueryRouter router, string name, RecordType type, RecordClass recordClass = RecordClass.IN, QueryContext? query = null)
    {
        query ??= new QueryContext();
        var request = ChainHarness.Question(name, type, recordClass);
        request.CopyTo(query.GetMessageBuffer(request.Length), 0);
        query.BeginRequest(request.Length, TransportProtocol.Udp, default, default, new ListenerIdentity("", 0));
        Assert.Equal(ReadOutcome.Query, QueryReader.Read(query));
        await router.HandleAsync(query);
        return query.Response.Code is ResponseCode.NoError ? query.Response.Source : query.Response.Code.ToString();
    }

    private QueryRouter Router(params string[] zones) => new(zones.Select(Route), _harness.Services);

    // Answers with its own zone as the source.
    private BlockRoute Route(string zone)
    {
        var document = CorefileReader.ReadText($"{zone}:53 {{\n whoami\n}}\n", "Corefile", static _ => null);
        var block = new BlockContext(document.Blocks[0], _harness.Services);
        var handler = new FakeHandler(query => query.Response.Begin(block.Zones[0].ToString(), authoritative: true));
        return new BlockRoute(block.Zones[0], block, handler);
    }
}
