using System.Diagnostics;
using ClusterDns.Testing.ApiServer;
using ClusterDns.UnitTests.Reloading;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Kubernetes.Plugin;

/// <summary>What a reload makes of a cluster that is being followed.</summary>
public sealed class FollowedClusterTests
{
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 8, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_reload_that_leaves_the_directive_as_it_was_asks_the_API_server_nothing()
    {
        await using var api = await FakeApiServer.StartAsync(new());
        api.Apply("kind: Namespace\nmetadata: {name: demo}\n");
        var harness = new RunnerHarness(_time);
        await RunAsync(harness.StartAsync(Corefile(api, "whoami")));
        var asked = api.Requests.Count;
        Assert.Equal(3, asked);

        Assert.Null(await RunAsync(harness.ReloadAsync(Corefile(api, "log")).AsTask()));
        Assert.NotNull(await RunAsync(harness.ReloadAsync(Corefile(api, "log") + ".:54 {\n nosuch\n}\n").AsTask()));
        await TickAsync(6000);
        Assert.Equal(asked, api.Requests.Count);

        // Another option is another cluster; the one before ends with the plan that had it.
        Assert.Null(await RunAsync(harness.ReloadAsync(Corefile(api, "log", "pods verified")).AsTask()));
        await TickAsync(6000);
        await api.WaitForWatchesAsync("services", 1, _token);
        await api.WaitForWatchesAsync("pods", 1, _token);

        Assert.Null(await RunAsync(harness.ReloadAsync(".:53 {\n whoami\n}\n").AsTask()));
        await TickAsync(6000);
        await api.WaitForWatchesAsync("services", 0, _token);
        await RunAsync(harness.Runner.StopAsync(graceful: true));
    }

    private static string Corefile(FakeApiServer api, string directive, string option = "") =>
        $".:53 {{\n kubernetes cluster.local {{\n endpoint {api.Uri}\n {option}\n }}\n {directive}\n}}\n";

    private async Task TickAsync(int milliseconds)
    {
        for (var passed = 0; passed < milliseconds; passed += 500)
        {
            _time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Delay(1, _token);
        }
    }

    private async Task<T> RunAsync<T>(Task<T> task)
    {
        await RunAsync((Task)task);
        return await task;
    }

    // Moves time on until the task has nothing left to wait for, no faster than it runs: the API server needs real time, and its
    // silence for too long would mean something.
    private async Task RunAsync(Task task)
    {
        while (!task.IsCompleted)
        {
            var passing = Stopwatch.GetTimestamp();
            await Task.Delay(1, _token);
            _time.Advance(Stopwatch.GetElapsedTime(passing));
        }

        await task;
    }
}
