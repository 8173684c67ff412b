using ClusterDns.Core.Zones;
using ClusterDns.Plugins.Secondary;
using ClusterDns.Protocol.Names;
using ClusterDns.Testing.Chains;
using ClusterDns.UnitTests.Zones;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Secondary;

public sealed class SecondaryZoneTests : IAsyncDisposable
{
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;
    private readonly CancellationTokenSource _end = new();
    private readonly TimerWatch _time = new();
    private readonly FakeFetcher _primaries = new();
    private readonly List<uint?> _changes = [];
    private readonly SecondaryZone _zone;
    private readonly Task _running;

    public SecondaryZoneTests()
    {
        var chain = new ChainHarness(".:53 {\n whoami\n}\n", time: _time);
        _zone = new SecondaryZone(DnsName.Parse("example."), _primaries, new SemaphoreSlim(1), chain.Services);
        _running = _zone.RunAsync(zone => _changes.Add(zone.Current?.Serial), _end.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
        _end.Dispose();
    }

    [Fact]
    public async Task The_first_transfer_is_tried_again_after_twice_as_long_up_to_ten_seconds()
    {
        foreach (var expected in (int[])[250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000])
        {
            _primaries.Answer(FetchResult.Failed("nobody is there"));
            Assert.Equal(TimeSpan.FromMilliseconds(expected), await PassAsync());
        }

        Assert.Null(_zone.Current);
        Assert.Empty(_changes);
    }

    // RFC 1035 §3.3.13: REFRESH, and RETRY where a refresh failed.
    [Fact]
    public async Task The_times_of_the_SOA_are_kept()
    {
        Transfer(serial: 1);
        Assert.Equal(TimeSpan.FromSeconds(100), await PassAsync());
        _primaries.Answer(FetchResult.UpToDate);
        Assert.Equal(TimeSpan.FromSeconds(100), await PassAsync());
        _primaries.Answer(FetchResult.Failed("nobody is there"));
        Assert.Equal(TimeSpan.FromSeconds(20), await PassAsync());
        Transfer(serial: 2);
        Assert.Equal(TimeSpan.FromSeconds(100), await PassAsync());

        Assert.Equal([1u, 2u], _changes);
    }

    [Fact]
    public async Task What_is_there_is_served_until_it_expires()
    {
        Transfer(serial: 1);
        await PassAsync(); // 100 s
        for (var failure = 0; failure < 9; failure++)
        {
            _primaries.Answer(FetchResult.Failed("nobody is there"));
            await PassAsync(); // 20 s each
            Assert.Equal(1u, _zone.Current?.Serial);
        }

        _primaries.Answer(FetchResult.Failed("nobody is there"));
        Assert.Equal(TimeSpan.FromSeconds(20), await PassAsync()); // 300 s: EXPIRE
        _primaries.Answer(FetchResult.Failed("nobody is there"));
        Assert.Equal(TimeSpan.FromSeconds(20), await PassAsync());
        Assert.Null(_zone.Current);
        Assert.Null(_changes[^1]);

        _primaries.Answer(FetchResult.UpToDate);
        await PassAsync();
        Assert.Equal(1u, _zone.Current?.Serial);
        Assert.Equal(1u, _changes[^1]);
    }

    [Fact]
    public async Task A_zone_expires_while_it_waits()
    {
        _primaries.Answer(new FetchResult(Version(1, refresh: 1000, expire: 300), null, null));
        Assert.Equal(TimeSpan.FromSeconds(300), await PassAsync());
        Assert.Equal(TimeSpan.FromSeconds(700), await _time.NextAsync(_token));

        Assert.Null(_zone.Current);
    }

    // However many come: one refresh, and a second apart from the one before.
    [Fact]
    public async Task NOTIFY_brings_the_refresh_forward()
    {
        Transfer(serial: 1);
        Assert.Equal(TimeSpan.FromSeconds(100), await _time.NextAsync(_token));
        Transfer(serial: 2);
        _zone.Notify();
        _zone.Notify();
        Assert.Equal(TimeSpan.FromSeconds(1), await PassAsync());
        Assert.Equal(TimeSpan.FromSeconds(100), await _time.NextAsync(_token));

        Assert.Equal(2u, _zone.Current?.Serial);
        Assert.Equal(2, _primaries.Calls);
    }

    [Fact]
    public async Task A_primary_that_names_no_time_is_asked_once_a_second()
    {
        _primaries.Answer(new FetchResult(Version(1, refresh: 0, expire: 0), null, null));

        Assert.Equal(TimeSpan.FromSeconds(1), await PassAsync());
    }

    private async Task<TimeSpan> PassAsync()
    {
        var wait = await _time.NextAsync(_token);
        _time.Advance(wait);
        return wait;
    }

    private void Transfer(uint serial) => _primaries.Answer(new FetchResult(Version(serial, refresh: 100, expire: 300), null, null));

    private static Zone Version(uint serial, int refresh, int expire) =>
        ZoneText.Read("example.", $"@ 60 SOA ns h {serial} {refresh} 20 {expire} 5\n");
}
