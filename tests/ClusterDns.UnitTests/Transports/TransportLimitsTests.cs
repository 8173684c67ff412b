using ClusterDns.Core.Pipeline;
using ClusterDns.Server.Transports;
using ClusterDns.Testing.Transports;
using Xunit;

namespace ClusterDns.UnitTests.Transports;

/// <summary>What becomes of queries near the ceiling of waiting ones, and that each way is counted.</summary>
public sealed class TransportLimitsTests
{
    private const int Ceiling = 9;

    [Fact]
    public async Task Admit_lets_the_heavy_client_wait_no_more_and_others_until_the_ceiling()
    {
        await using var harness = Harness();
        var heavy = Query("10.0.0.1");
        Fill(harness, heavy, 8);

        Assert.True(harness.Limits.Admit(heavy));
        Assert.False(heavy.MayWait);
        heavy.DropForWaiting("forward");
        Assert.Equal(1, harness.Dropped("client"));
        Assert.Equal(ReasonCode.TooManyQueries, heavy.Reason.Code);

        var light = Query("10.0.0.2");
        Assert.True(harness.Limits.Admit(light));
        Assert.True(light.MayWait);
    }

    [Fact]
    public async Task Admit_lets_nobody_wait_at_the_ceiling_and_drops_everything_at_twice_the_ceiling()
    {
        await using var harness = Harness();
        Fill(harness, Query("10.0.0.1"), Ceiling);
        var light = Query("10.0.0.2");

        Assert.True(harness.Limits.Admit(light));
        Assert.False(light.MayWait);
        Assert.Equal(0, harness.Dropped("waiting"));
        light.DropForWaiting("forward");
        Assert.Equal(1, harness.Dropped("waiting"));

        Fill(harness, Query("10.0.0.1"), Ceiling);
        Assert.False(harness.Limits.Admit(Query("10.0.0.2")));
        Assert.Equal(1, harness.Dropped("overload"));
    }

    [Fact]
    public async Task LeaveQuery_makes_room_again()
    {
        await using var harness = Harness();
        var heavy = Query("10.0.0.1");
        var place = harness.Limits.EnterQuery(heavy);
        Fill(harness, heavy, 7);
        Assert.True(harness.Limits.Admit(heavy));
        Assert.False(heavy.MayWait);

        harness.Limits.LeaveQuery(place);

        var next = Query("10.0.0.1");
        Assert.True(harness.Limits.Admit(next));
        Assert.True(next.MayWait);
    }

    [Fact]
    public async Task A_query_on_behalf_of_one_that_may_not_wait_may_not_either_and_is_counted()
    {
        await using var harness = Harness();
        Fill(harness, Query("10.0.0.1"), Ceiling);
        var parent = Query("10.0.0.2");
        harness.Limits.Admit(parent);
        var own = new QueryContext();

        own.BeginInternal(parent, default, default);

        Assert.False(own.MayWait);
        own.DropForWaiting("forward");
        Assert.Equal(1, harness.Dropped("waiting"));
    }

    private static TransportHarness Harness() =>
        new(limits: static metrics => new TransportLimits(metrics) { MaxQueriesInFlight = Ceiling });

    private static QueryContext Query(string client)
    {
        var query = new QueryContext();
        Assert.True(IPAddressValue.TryParse(client, out var address));
        query.BeginRequest(0, TransportProtocol.Udp, new SocketEndpoint(address, 40_000), default, new ListenerIdentity("", 0));
        return query;
    }

    private static void Fill(TransportHarness harness, QueryContext query, int count)
    {
        for (; count > 0; count--)
        {
            harness.Limits.EnterQuery(query);
        }
    }
}
