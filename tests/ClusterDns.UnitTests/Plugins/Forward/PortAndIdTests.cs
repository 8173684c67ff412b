using System.Globalization;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Forward;

/// <summary>
/// What a forger has to guess (RFC 5452 §9.2, §10): ids and source ports of queries to upstreams. The generator is the real one; each
/// bound is missed by chance less than once in 10^9 runs, and the last tests show what misses it always.
/// </summary>
public sealed class PortAndIdTests : IAsyncDisposable
{
    private const int Ids = 1 << 16;
    private const int Cells = 256;
    private const int Asked = 8192;
    private const int ChannelPorts = 16;
    private const int Fresh = 400;

    private static readonly TimeSpan LongestUse = TimeSpan.FromSeconds(15);

    private readonly ScriptedUpstream _upstream = new();
    private readonly List<int> _ids = [];
    private readonly List<int> _ports = [];

    public ValueTask DisposeAsync() => _upstream.DisposeAsync();

    [Fact]
    public async Task Ids_are_spread_over_all_there_are_and_none_follows_from_the_one_before()
    {
        await using var chain = Start();

        for (var number = 0; number < Asked; number++)
        {
            Assert.Single((await chain.AskAsync($"n{number}.example.com")).Answer);
        }

        Assert.Equal(Asked, _ids.Count);
        AssertUnpredictable(_ids);
    }

    [Fact]
    public async Task Queries_that_follow_each_other_leave_from_many_ports()
    {
        await using var chain = Start();

        for (var number = 0; number < 1000; number++)
        {
            await chain.AskAsync($"n{number}.example.com");
        }

        // Which of them is drawn at random, too: one of sixteen is missed a thousand times by one chance in 10^27.
        Assert.Equal(ChannelPorts, _ports.Distinct().Count());
        var slots = _ports.Distinct().ToList();
        Assert.True(Spread.IsRandom([.. _ports.Select(port => slots.IndexOf(port))], ChannelPorts, ChannelPorts));
    }

    [Fact]
    public async Task No_port_is_used_for_longer_than_some_seconds_and_new_ones_are_spread()
    {
        await using var chain = Start();
        var uses = new Dictionary<int, (DateTimeOffset First, DateTimeOffset Last)>();
        var overdue = new HashSet<int>();
        var fresh = new List<int>();
        for (var number = 0; fresh.Count < Fresh && number < 10 * Fresh; number++)
        {
            await chain.AskAsync($"n{number}.example.com");
            var (port, now) = (_ports[^1], chain.Time.GetUtcNow());
            if (!uses.TryGetValue(port, out var use) || now - use.Last > LongestUse)
            {
                fresh.Add(port);
                use = (now, now);
            }

            uses[port] = (use.First, now);
            if (now - use.First > LongestUse)
            {
                overdue.Add(port);
            }

            chain.Time.Advance(TimeSpan.FromMilliseconds(200));
        }

        Assert.Equal(Fresh, fresh.Count);
        var (low, high) = LocalPorts();
        if (OperatingSystem.IsLinux() && high - low > 20_000)
        {
            // Of 28,000: one drawn a second time soon after its first looks overdue, a third of a time is expected; three come twice at all;
            // no two neighbours follow each other.
            Assert.InRange(overdue.Count, 0, 8);
            Assert.InRange(fresh.Distinct().Count(), Fresh - 25, Fresh);
            Assert.InRange(Spread.Steps(fresh, Ids).Count(static step => step is <= 2 or >= Ids - 2), 0, 8);
            Assert.True(Spread.IsRandom([.. fresh.Select(port => port - low)], high - low + 1, 16));
        }
    }

    [Fact]
    public void Counter_is_found_out() => AssertFoundOut(static number => number);

    [Fact]
    public void Counter_with_a_step_is_found_out() => AssertFoundOut(static number => number * 25_173);

    [Fact]
    public void Generator_of_fifteen_bits_is_found_out()
    {
        var random = new Random(20_261_123);
        AssertFoundOut(_ => random.Next(1 << 15));
    }

    [Fact]
    public void Generator_that_is_seeded_with_the_time_is_found_out()
    {
        // Many ids are drawn in one tick.
        AssertFoundOut(static number => new Random(number / 64).Next(Ids));
    }

    private static void AssertFoundOut(Func<int, int> generate)
    {
        int[] ids = [.. Enumerable.Range(0, Asked).Select(number => generate(number) & (Ids - 1))];
        Assert.False(IsUnpredictable(ids));
    }

    private static void AssertUnpredictable(IReadOnlyList<int> ids) => Assert.True(
        IsUnpredictable(ids),
        string.Create(CultureInfo.InvariantCulture, $"{Spread.ChiSquare(ids, Ids, Cells)} of ids, {Spread.ChiSquare(Spread.Steps(ids, Ids), Ids, Cells)} of steps"));

    // Their high octets, their low octets, and the steps between them.
    private static bool IsUnpredictable(IReadOnlyList<int> ids) =>
        Spread.IsRandom([.. ids], Ids, Cells)
        && Spread.IsRandom([.. ids.Select(static id => id & 255)], 256, Cells)
        && Spread.IsRandom(Spread.Steps(ids, Ids), Ids, Cells);

    private static (int Low, int High) LocalPorts()
    {
        const string path = "/proc/sys/net/ipv4/ip_local_port_range";
        return File.Exists(path) && File.ReadAllText(path).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [var low, var high]
            ? (int.Parse(low, CultureInfo.InvariantCulture), int.Parse(high, CultureInfo.InvariantCulture))
            : (0, 0);
    }

    private ForwardChain Start()
    {
        _upstream.Answer(query =>
        {
            _ids.Add(query.Message.Id);
            _ports.Add(query.Client.Port);
            return query.Answer().Encode();
        });
        return new ForwardChain($"forward . 127.0.0.1:{_upstream.Port} {{\n max_fails 0\n}}");
    }
}
