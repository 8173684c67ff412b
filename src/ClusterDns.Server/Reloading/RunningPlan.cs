using System.Net.Sockets;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Server.Reloading;

/// <summary>A plan with what runs on its behalf: its start-up steps, what works beside it, its end.</summary>
internal sealed partial class RunningPlan(ServerPlan plan, CorefileDocument document, ILogger logger, TimeProvider time)
{
    // Steps that may take longer (an API server that is away) go on by themselves.
    private static readonly TimeSpan StartWithin = TimeSpan.FromMinutes(2);

    private readonly CancellationTokenSource _end = new();

    public ServerPlan Plan { get; } = plan;

    public CorefileDocument Document { get; } = document;

    /// <summary>Runs the start-up steps of every block side by side; those of one block follow each other.</summary>
    /// <exception cref="OperationCanceledException">The process ends before they have ended.</exception>
    public async Task StartAsync(CancellationToken cancel)
    {
        var blocks = Task.WhenAll(Plan.Blocks.Select(StartAsync));
        try
        {
            await blocks.WaitAsync(StartWithin, time, cancel);
        }
        catch (TimeoutException) when (!blocks.IsCompleted)
        {
            LogSlowStart(StartWithin.TotalSeconds);
        }
    }

    /// <summary>Lets loose what works beside the plan.</summary>
    public void BeginServing()
    {
        foreach (var work in Plan.Blocks.SelectMany(static block => block.Serving))
        {
            _ = RunAsync(work);
        }
    }

    /// <summary>
    /// The steps before the process ends, while the plan still answers, side by side: one that waits does not keep another
    /// from saying at once that the end has begun. False where one failed.
    /// </summary>
    public async Task<bool> EndProcessAsync()
    {
        var steps = Plan.Blocks.SelectMany(static block => block.FinalShutdown);
        return !(await Task.WhenAll(steps.Select(TryAsync))).Contains(false);
    }

    /// <summary>The steps after the last query. False where one failed.</summary>
    public async Task<bool> EndAsync()
    {
        await _end.CancelAsync();
        var succeeded = true;
        foreach (var step in Plan.Blocks.SelectMany(static block => block.Shutdown))
        {
            succeeded &= await TryAsync(step);
        }

        return succeeded;
    }

    /// <summary>Stops what works beside the plan; queries in flight still end on it.</summary>
    public Task StopServingAsync() => _end.CancelAsync();

    private async Task StartAsync(BlockContext block)
    {
        foreach (var step in block.Startup)
        {
            await step(_end.Token);
        }
    }

    private async Task RunAsync(Func<CancellationToken, ValueTask> work)
    {
        try
        {
            await work(_end.Token);
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The plan ended: nothing is left to do.
        }
    }

    // One directive's failure must not keep the others from letting go of what they hold.
    private async Task<bool> TryAsync(Func<ValueTask> step)
    {
        try
        {
            await step();
            return true;
        }
        catch (Exception exception) when (exception is IOException or SocketException or InvalidOperationException or OperationCanceledException)
        {
            LogShutdownFailed(exception.Message);
            return false;
        }
    }

    [LoggerMessage(1100, LogLevel.Warning, "start-up takes longer than {Seconds} s: serving without waiting for it")]
    private partial void LogSlowStart(double seconds);

    [LoggerMessage(1101, LogLevel.Error, "Shutdown: {Reason}")]
    private partial void LogShutdownFailed(string reason);
}
