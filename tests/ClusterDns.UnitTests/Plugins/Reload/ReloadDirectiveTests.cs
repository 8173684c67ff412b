using ClusterDns.Core.Corefile;
using ClusterDns.Testing.Chains;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Reload;

public sealed class ReloadDirectiveTests : IDisposable
{
    private const string Before = ".:53 {\n reload 10s 0s\n whoami\n}\n";
    private const string After = ".:53 {\n reload 10s 0s\n whoami\n log\n}\n";

    private readonly FakeTimeProvider _time = new();
    private readonly KeptLog _log = new();
    private readonly FakeReloader _reloader = new(Before);
    private readonly CancellationTokenSource _end = new();
    private readonly ChainHarness _chain;
    private Task _watching = Task.CompletedTask;

    public ReloadDirectiveTests()
    {
        _chain = new ChainHarness(Before, time: _time, loggers: _log);
        _chain.Services.Reloader = _reloader;
    }

    [Fact]
    public void What_did_not_change_is_not_reloaded()
    {
        Start();
        Assert.Matches("^Information plugin/reload: Running configuration SHA512 = [0-9a-f]{128}$", Assert.Single(_log.Lines));
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(0, _reloader.Reads);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((1, 0), (_reloader.Reads, _reloader.Reloads));
    }

    [Fact]
    public async Task What_changed_is_put_in_force_and_the_new_plan_watches()
    {
        Start();
        _reloader.Text = After;
        _time.Advance(TimeSpan.FromSeconds(10));
        await _watching;
        Assert.Equal(1, _reloader.Reloads);
        var version = Assert.Single(_chain.Metrics.Families, static family => family.Name == "coredns_reload_version_info");
        Assert.Equal(Convert.ToHexStringLower(_reloader.Current.ComputeHash()), Assert.Single(version.Series).Values[1]);
    }

    [Fact]
    public void What_was_refused_is_not_tried_again_until_it_changes()
    {
        Start();
        _reloader.Text = After;
        _reloader.Refusal = "it is wrong";
        _time.Advance(TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(1, _reloader.Reloads);
        Assert.Equal("Error plugin/reload: Corefile changed but reload failed: it is wrong", _log.Lines[1]);
        Assert.Equal(1, Failures());
        _reloader.Text = After + "\n\n.:54 {\n}\n";
        _reloader.Refusal = null;
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(2, _reloader.Reloads);
        Assert.Equal(1, Failures());
    }

    [Fact]
    public void What_cannot_be_read_is_told_and_changes_nothing()
    {
        Start();
        _reloader.Text = ".:53 {\n";
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(0, _reloader.Reloads);
        Assert.StartsWith("Error plugin/reload: Corefile parse failed: Corefile:", _log.Lines[1], StringComparison.Ordinal);
        _reloader.Text = After;
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(1, _reloader.Reloads);
    }

    [Fact]
    public async Task A_plan_that_ends_looks_no_more()
    {
        Start();
        await _end.CancelAsync();
        await _watching;
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, _reloader.Reads);
    }

    [Theory]
    [InlineData("reload 1s")]
    [InlineData("reload 10000h")]
    [InlineData("reload 10s 1ms")]
    [InlineData("reload 10s 1s 1s")]
    [InlineData("reload x")]
    [InlineData("reload {\n }")]
    public void Mistakes_are_named_with_their_line(string directive) => Assert.Equal(
        2, Assert.Throws<CorefileException>(() => new ChainHarness($".:53 {{\n {directive}\n whoami\n}}\n")).Line);

    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
    }

    private void Start() => _watching = Assert.Single(_chain.Block.Serving)(_end.Token).AsTask();

    private long Failures() => _chain.Metrics.Counter("coredns_reload_failed_total", "").With().Value;
}
