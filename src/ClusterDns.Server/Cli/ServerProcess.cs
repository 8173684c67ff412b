using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;
using ClusterDns.Server.Admin;
using ClusterDns.Server.Reloading;
using ClusterDns.Server.Transports;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Server.Cli;

/// <summary>The life of the process: start, signals, end.</summary>
internal sealed partial class ServerProcess : IDisposable
{
    private readonly CommandLine _line;
    private readonly TextWriter _output;
    private readonly ServerLog _log;
    private readonly ILogger _logger;
    private readonly ConfigurationSource _source;
    private readonly ProcessIdFile _processId;
    private readonly PlanRunner _runner;
    private readonly MemoryTrim _memory = new(TimeProvider.System);
    private readonly CancellationTokenSource _ending = new();
    private readonly MetricPush? _push;
    private Task _reloading = Task.CompletedTask;

    public ServerProcess(CommandLine line, TextReader input, TextWriter output)
    {
        _line = line;
        _output = output;
        _log = new ServerLog(output);
        _logger = _log.CreateLogger("");
        _source = new ConfigurationSource(line.ConfigurationFile, line.DnsPort, input, Environment.GetEnvironmentVariable);
        _processId = new ProcessIdFile(line.ProcessIdFile);
        var queries = new QueryContextPool();
        var metrics = new MetricRegistry();
        var endpoints = new HttpEndpoints();
        var services = new ServerServices
        {
            Loggers = _log,
            Metrics = metrics,
            Resolver = new QueryResolver(queries, CeilingCounter.Of(metrics, "lookup_depth")),
            Queries = queries,
            Http = endpoints,
            Version = ProductVersion.Version,
        };
        var limits = TransportLimits.Within(services.Memory, services.Metrics);
        _runner = new PlanRunner(
            services,
            new PlanBuilder(services, endpoints, line.DnsPort),
            _source.Read,
            new AdminServers(services.Metrics),
            group => TransportFactory.Bind(group, services, limits))
        { ShowDebug = show => _log.ShowsDebug = show, Started = _memory.TrimAfterStart };
        _push = MetricPush.TryStart(services.Metrics, Environment.GetEnvironmentVariable, _logger);
    }

    /// <summary>Serves until a signal ends it; the status to end the process with.</summary>
    public async Task<int> RunAsync()
    {
        using var signals = new ProcessSignals();
        _processId.Write();
        try
        {
            await _runner.StartAsync(_source.Read());
            _ = _memory.RunAsync(_ending.Token);
            if (!_line.IsQuiet)
            {
                Banner.Write(_output, _runner.Plan.Blocks, _line.DnsPort);
            }

            return await ServeAsync(signals);
        }
        finally
        {
            _processId.Remove();
        }
    }

    public void Dispose()
    {
        _ending.Cancel();
        _ending.Dispose();
        _push?.Dispose();
        _log.Dispose();
    }

    private async Task<int> ServeAsync(ProcessSignals signals)
    {
        while (true)
        {
            var signal = signals.NextAsync().AsTask();
            if (await Task.WhenAny(signal, _runner.Failure) == _runner.Failure)
            {
                LogFatal(await _runner.Failure);
                return 1;
            }

            switch (await signal)
            {
                case ProcessSignal.Terminate:
                    LogTerminating();
                    return await EndAsync(graceful: true, signals);
                case ProcessSignal.Interrupt:
                    LogInterrupted();
                    return await EndAsync(graceful: false, signals);
                case ProcessSignal.Quit:
                    LogQuitting();
                    return 0;
                case ProcessSignal.Reload:
                    LogReloadSignal();
                    _reloading = ReloadAsync(_reloading);
                    break;
                case ProcessSignal.Upgrade:
                    LogUpgradeSignal();
                    break;
            }
        }
    }

    private async Task ReloadAsync(Task before)
    {
        await before;
        try
        {
            await _runner.ReloadAsync(_source.Read());
        }
        catch (CorefileException exception)
        {
            LogReloadFailed(exception.Message);
        }
    }

    // Whoever cannot wait for the end asks twice.
    private async Task<int> EndAsync(bool graceful, ProcessSignals signals)
    {
        var end = _runner.StopAsync(graceful);
        while (true)
        {
            var signal = signals.NextAsync().AsTask();
            if (await Task.WhenAny(end, signal) == end)
            {
                return await end;
            }

            switch (await signal)
            {
                case ProcessSignal.Interrupt:
                    return 2;
                case ProcessSignal.Quit:
                    LogQuitting();
                    return 0;
            }
        }
    }

    [LoggerMessage(1106, LogLevel.Information, "SIGTERM: Shutting down servers then terminating")]
    private partial void LogTerminating();

    [LoggerMessage(1107, LogLevel.Information, "SIGINT: Shutting down")]
    private partial void LogInterrupted();

    [LoggerMessage(1108, LogLevel.Information, "SIGQUIT: Quitting process immediately")]
    private partial void LogQuitting();

    [LoggerMessage(1109, LogLevel.Information, "SIGUSR1: Reloading")]
    private partial void LogReloadSignal();

    [LoggerMessage(1110, LogLevel.Warning, "SIGUSR2: ignored, start the new binary beside this one instead")]
    private partial void LogUpgradeSignal();

    [LoggerMessage(1111, LogLevel.Critical, "{Reason}")]
    private partial void LogFatal(string reason);

    [LoggerMessage(1113, LogLevel.Error, "Restart failed: {Reason}")]
    private partial void LogReloadFailed(string reason);
}
