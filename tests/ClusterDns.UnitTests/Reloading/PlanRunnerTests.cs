using ClusterDns.Testing.Processes;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Reloading;

public sealed class PlanRunnerTests
{
    private const string First = ".:53 {\n reload 10s 0s\n whoami\n}\n";
    private const string Second = ".:53 {\n reload 10s 0s\n whoami\n log\n}\n";

    private readonly FakeTimeProvider _time = new();
    private readonly RunnerHarness _harness;

    public PlanRunnerTests()
    {
        // Timestamps of zero mean "never".
        _time.Advance(TimeSpan.FromHours(1));
        _harness = new RunnerHarness(_time);
    }

    [Fact]
    public async Task A_plan_that_is_rejected_while_it_serves_is_not_tried_again_until_the_file_changes()
    {
        await _harness.StartAsync(First);
        Assert.Null(await _harness.ReloadAsync(Second));
        _harness.Runner.Plan.Blocks[0].RejectPlan("it loops");

        // The watcher of the plan that was gone back to sees the same file each time it looks.
        for (var looks = 0; looks < 5; looks++)
        {
            _time.Advance(TimeSpan.FromSeconds(11));
        }

        Assert.Equal(1, Count("Information Reloading complete"));
        Assert.Equal(1, Count("it loops; going back"));
        Assert.True(_harness.Runner.HasRefused(_harness.Read()));
        Assert.Equal(First, Text());

        _harness.Text = Second + "# what hashes alike is the same\n";
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(1, Count("Information Reloading complete"));
        _harness.Text = "\n" + Second;
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(2, Count("Information Reloading complete"));
    }

    [Fact]
    public async Task Warnings_are_logged_once_for_each_file_that_is_put_in_force()
    {
        const string doubtful = ".:53 {\n reload 10s 0s\n import nowhere/*.conf\n whoami\n}\n";
        await _harness.StartAsync(doubtful);
        Assert.NotEmpty(_harness.Read().Warnings);
        _time.Advance(TimeSpan.FromSeconds(11));
        _time.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal(1, Count("Warning " + _harness.Read().Warnings[0]));
    }

    [Fact]
    public async Task Readiness_falls_at_once_whatever_block_the_lameduck_is_in()
    {
        var ready = FreePorts.Take();
        await _harness.StartAsync(
            $".:53 {{\n health 127.0.0.1:{FreePorts.Take()} {{\n lameduck 5s\n }}\n whoami\n}}\n"
            + $".:54 {{\n ready 127.0.0.1:{ready}\n whoami\n}}\n");
        using var client = new HttpClient();
        var address = new Uri($"http://127.0.0.1:{ready}/ready");
        Assert.Equal("OK", await client.GetStringAsync(address, TestContext.Current.CancellationToken));

        var ending = _harness.Runner.StopAsync(graceful: true);
        using var reply = await client.GetAsync(address, TestContext.Current.CancellationToken);

        Assert.Equal(503, (int)reply.StatusCode);
        Assert.False(ending.IsCompleted);
        await RunAsync(ending);
    }

    [Fact]
    public async Task An_admin_address_that_was_part_of_a_wildcard_can_be_moved_to()
    {
        var port = FreePorts.Take();
        await _harness.StartAsync($".:53 {{\n prometheus :{port}\n whoami\n}}\n");
        Assert.Null(await _harness.ReloadAsync($".:53 {{\n prometheus 127.0.0.1:{port}\n whoami\n}}\n"));
        using var client = new HttpClient();
        var page = await client.GetStringAsync(
            new Uri($"http://127.0.0.1:{port}/metrics"), TestContext.Current.CancellationToken);
        Assert.Contains("coredns_build_info", page, StringComparison.Ordinal);
        Assert.Null(await _harness.ReloadAsync($".:53 {{\n prometheus :{port}\n whoami\n}}\n"));
        await RunAsync(_harness.Runner.StopAsync(graceful: true));
    }

    [Fact]
    public async Task The_process_ends_at_once_where_nobody_asks()
    {
        await _harness.StartAsync(First);
        Assert.Equal(0, await _harness.Runner.StopAsync(graceful: true));
        Assert.True(Assert.Single(_harness.Transports).IsStopped);
    }

    [Fact]
    public async Task The_process_goes_on_until_it_is_no_longer_asked()
    {
        await _harness.StartAsync(First);
        var transport = Assert.Single(_harness.Transports);
        transport.LastQuery = _time.GetTimestamp();
        var ending = _harness.Runner.StopAsync(graceful: true);
        await TickAsync(300);
        transport.LastQuery = _time.GetTimestamp();
        await TickAsync(400);
        Assert.False(transport.IsStopped);
        await TickAsync(200);
        await RunAsync(ending);
        Assert.True(transport.IsStopped);
        Assert.Equal(1, Count("Information Draining: answering until no query has come for 0.5 s, at most for 5 s"));
    }

    [Fact]
    public async Task The_process_ends_at_the_bound_whoever_still_asks()
    {
        await _harness.StartAsync(
            $".:53 {{\n health 127.0.0.1:{FreePorts.Take()} {{\n drain 2s 1s\n }}\n whoami\n}}\n");
        var transport = Assert.Single(_harness.Transports);
        transport.LastQuery = _time.GetTimestamp();
        var ending = _harness.Runner.StopAsync(graceful: true);
        for (var step = 0; step < 19; step++)
        {
            await TickAsync(100);
            transport.LastQuery = _time.GetTimestamp();
        }

        Assert.False(transport.IsStopped);
        await TickAsync(100);
        await RunAsync(ending);
        Assert.Equal(1, Count("Warning Draining: still asked after 2 s, ending nonetheless"));
    }

    private string Text() => _harness.Runner.Current.ComputeHash().AsSpan().SequenceEqual(
        Core.Corefile.CorefileReader.ReadText(First, "Corefile", static _ => null).ComputeHash()) ? First : "another";

    private int Count(string line) =>
        _harness.Log.Lines.Count(logged => logged.Contains(line, StringComparison.Ordinal));

    private async Task TickAsync(int milliseconds)
    {
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        for (var turns = 0; turns < 10; turns++)
        {
            await Task.Yield();
        }
    }

    // Moves time on until the task has nothing left to wait for.
    private async Task RunAsync(Task task)
    {
        while (!task.IsCompleted)
        {
            await TickAsync(10);
        }

        await task;
    }
}
