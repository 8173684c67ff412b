using Microsoft.Extensions.Logging;

namespace ClusterDns.Server.Cli;

/// <summary>Log lines as CoreDNS writes them: <c>[LEVEL] plugin/NAME: text</c> on standard output, without time.</summary>
internal sealed class ServerLog(TextWriter output) : ILoggerProvider, ILoggerFactory
{
    private readonly Lock _gate = new();
    private volatile bool _showsDebug;

    /// <summary>Shows Debug lines too (<c>debug</c>).</summary>
    public bool ShowsDebug
    {
        get => _showsDebug;
        set => _showsDebug = value;
    }

    public ILogger CreateLogger(string categoryName) => new CategoryLog(this, categoryName.Length == 0 ? "" : categoryName + ": ");

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("there is one log");

    public void Dispose() => output.Flush();

    private void Write(LogLevel level, string prefix, string text)
    {
        var label = level switch
        {
            LogLevel.Trace or LogLevel.Debug => "DEBUG",
            LogLevel.Information => "INFO",
            LogLevel.Warning => "WARNING",
            LogLevel.Error => "ERROR",
            _ => "FATAL",
        };
        lock (_gate)
        {
            output.WriteLine($"[{label}] {prefix}{text}");
            output.Flush();
        }
    }

    private sealed class CategoryLog(ServerLog log, string prefix) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information || log.ShowsDebug;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                log.Write(logLevel, prefix, formatter(state, exception));
            }
        }
    }
}
