using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Plugins.Health;
using ClusterDns.Server.Admin;
using ClusterDns.Server.Transports;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Server.Reloading;

/// <summary>
/// Runs one plan at a time and changes it for another while queries come in: everything new is built, started and bound
/// before the old plan stops answering, and where that fails the old plan never notices.
/// </summary>
internal sealed partial class PlanRunner : IConfigurationReloader
{
    // How long queries may still run on a plan that was replaced: what a forwarded query takes at most.
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(5);

    private readonly ServerServices _services;
    private readonly PlanBuilder _builder;
    private readonly Func<CorefileDocument> _read;
    private readonly AdminServers _admin;
    private readonly Listeners _listeners;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly TaskCompletionSource<string> _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Task> _retiring = [];
    private readonly CancellationTokenSource _ending = new();
    private RunningPlan? _current;

    // The hash of the document that failed last: the watcher of whatever plan runs leaves it alone until the file changes.
    private volatile byte[]? _refused;

    public PlanRunner(
        ServerServices services, PlanBuilder builder, Func<CorefileDocument> read, AdminServers admin, Func<ListenGroup, ITransport> bind)
    {
        _services = services;
        _builder = builder;
        _read = read;
        _admin = admin;
        _listeners = new Listeners(services, bind);
        _logger = services.Loggers.CreateLogger("");
        services.Reloader = this;
    }

    /// <summary>Told whether DEBUG lines are wanted, by each plan before its start-up steps run.</summary>
    public Action<bool> ShowDebug { get; init; } = static _ => { };

    /// <summary>Told when the start-up steps of a plan have run, before it serves.</summary>
    public Action Started { get; init; } = static () => { };

    public CorefileDocument Current => Running.Document;

    public ServerPlan Plan => Running.Plan;

    public IEnumerable<ITransport> Transports => _listeners.Transports;

    /// <summary>Ends with the reason when the first plan turns out to be wrong while it serves.</summary>
    public Task<string> Failure => _failure.Task;

    private RunningPlan Running => _current ?? throw new InvalidOperationException("no plan runs yet");

    public CorefileDocument Read() => _read();

    public bool HasRefused(CorefileDocument document) =>
        _refused is { } refused && refused.AsSpan().SequenceEqual(document.ComputeHash());

    /// <exception cref="CorefileException">The operator's mistake.</exception>
    /// <exception cref="ListenException">An address cannot be listened on.</exception>
    public Task StartAsync(CorefileDocument document)
    {
        LogWarnings(document);
        return SwitchAsync(document, reason => _failure.TrySetResult(reason));
    }

    public async ValueTask<string?> ReloadAsync(CorefileDocument document)
    {
        await _turn.WaitAsync();
        try
        {
            LogReloading();
            LogWarnings(document);
            var before = Running.Document;
            await SwitchAsync(document, reason => _ = GoBackAsync(before, document, reason));
            _refused = null;
            LogReloaded();
            return null;
        }
        catch (Exception exception)
        {
            // Whatever a new configuration does to the code that reads it, the one in force goes on.
            LogReloadFailed(exception.Message);
            _refused = document.ComputeHash();
            return exception.Message;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Ends the process's work. 0, or 4 where a step of a directive failed, or 3 where the listeners did not stop.</summary>
    /// <param name="graceful">Lets queries in flight end.</param>
    public async Task<int> StopAsync(bool graceful)
    {
        // A reload that still waits for its start-up steps is given up.
        await _ending.CancelAsync();
        await _turn.WaitAsync();
        var succeeded = await Running.EndProcessAsync();
        if (graceful)
        {
            var options = Plan.Blocks.Select(static block => block.Find<DrainOptions>()).FirstOrDefault(static found => found is not null);
            var drain = new QueryDrain([.. Transports], options ?? DrainOptions.Default, _services.Time, _logger);
            await drain.WaitAsync(CancellationToken.None);
        }

        var stopped = !graceful || await _listeners.StopAsync(Drain);
        succeeded &= await Running.EndAsync();
        succeeded &= await EndRetiringAsync();
        await _admin.DisposeAsync();
        return !succeeded ? 4 : !stopped ? 3 : 0;
    }

    // Plans that were replaced a moment ago have steps to run as well. They have no queries any more: nobody listens.
    private async Task<bool> EndRetiringAsync()
    {
        try
        {
            await Task.WhenAll(_retiring).WaitAsync(Drain, _services.Time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task SwitchAsync(CorefileDocument document, Action<string> reject)
    {
        var plan = _builder.Build(document);
        foreach (var block in plan.Blocks)
        {
            block.RejectPlan = reject;
        }

        var next = new RunningPlan(plan, document, _logger, _services.Time);
        IReadOnlyList<HttpAddress> added = [];
        try
        {
            added = await _admin.BindAsync(plan.Endpoints);
            ShowDebug(IsDebugging(plan));
            await next.StartAsync(_ending.Token);
            Started();
            await _listeners.SwitchAsync(plan.Groups);
        }
        catch
        {
            ShowDebug(_current is { } running && IsDebugging(running.Plan));
            await _admin.CloseAsync(added);
            await next.EndAsync();
            throw;
        }

        var before = _current;
        _current = next;
        await _admin.ApplyAsync(plan.Endpoints);
        next.BeginServing();
        if (before is not null)
        {
            Retire(before);
        }
    }

    private static bool IsDebugging(ServerPlan plan) => plan.Blocks.Any(static block => block.Debug);

    private void Retire(RunningPlan plan)
    {
        _retiring.RemoveAll(static task => task.IsCompleted);
        _retiring.Add(RetireAsync(plan));
    }

    private async Task RetireAsync(RunningPlan plan)
    {
        await plan.StopServingAsync();
        try
        {
            await Task.Delay(Drain, _services.Time, _ending.Token);
        }
        catch (OperationCanceledException)
        {
            // The process ends.
        }

        await plan.EndAsync();
    }

    // A process that serves must not end for a mistake in its newest configuration: the one before worked.
    private async Task GoBackAsync(CorefileDocument before, CorefileDocument rejected, string reason)
    {
        await _turn.WaitAsync();
        try
        {
            LogRejected(reason);
            _refused = rejected.ComputeHash();
            if (ReferenceEquals(Running.Document, rejected))
            {
                await SwitchAsync(before, LogRejected);
            }
        }
        catch (Exception exception)
        {
            LogReloadFailed(exception.Message);
        }
        finally
        {
            _turn.Release();
        }
    }

    private void LogWarnings(CorefileDocument document)
    {
        foreach (var warning in document.Warnings)
        {
            LogWarning(warning);
        }
    }

    [LoggerMessage(1112, LogLevel.Warning, "{Text}")]
    private partial void LogWarning(string text);

    [LoggerMessage(1102, LogLevel.Information, "Reloading")]
    private partial void LogReloading();

    [LoggerMessage(1103, LogLevel.Information, "Reloading complete")]
    private partial void LogReloaded();

    [LoggerMessage(1104, LogLevel.Error, "Restart failed: {Reason}")]
    private partial void LogReloadFailed(string reason);

    [LoggerMessage(1105, LogLevel.Error, "{Reason}; going back to the configuration before")]
    private partial void LogRejected(string reason);
}
