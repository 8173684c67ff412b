using Microsoft.Extensions.Logging;

namespace ClusterDns.Testing.Chains;

/// <summary>A log that keeps its lines: <c>Error plugin/errors: text</c>, the level and the category before the text.</summary>
internal sealed class KeptLog : ILoggerFactory
{
    private readonly List<string> _lines = [];

    public string[] Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("there is one log");

    public void Dispose()
    {
    }

    private sealed class Category(KeptLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (log._lines)
            {
                log._lines.Add($"{logLevel} {(name.Length == 0 ? "" : name + ": ")}{formatter(state, exception)}");
            }
        }
    }
}
