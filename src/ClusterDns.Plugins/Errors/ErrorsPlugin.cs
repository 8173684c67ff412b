using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Plugins.Log;
using ClusterDns.Protocol.Presentation;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Plugins.Errors;

/// <summary>Logs why queries failed; errors of one kind can be counted and told as one line.</summary>
internal sealed partial class ErrorsPlugin(IQueryHandler next, ErrorPattern[] patterns, ILogger logger) : IPlugin
{
    private readonly ILogger _logger = logger;

    public static string Name => "errors";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        var directive = directives.ExpectOnce();
        directive.ExpectArguments(0, 1);
        if (directive.Arguments is [var target] && target.Text is not "stdout")
        {
            throw target.Unexpected("stdout");
        }

        var logger = block.Services.LoggerFor(Name);
        var patterns = new List<ErrorPattern>();
        foreach (var property in directive.Properties)
        {
            switch (property.Name)
            {
                case "stacktrace":
                    property.ExpectNoArguments();
                    block.LogsStackTraces = true;
                    break;
                case "consolidate":
                    patterns.Add(ErrorPattern.Read(property, logger, block.Services.Time));
                    break;
                default:
                    throw property.UnknownProperty("stacktrace", "consolidate");
            }
        }

        block.OnShutdown(() =>
        {
            patterns.ForEach(static pattern => pattern.Flush());
            return ValueTask.CompletedTask;
        });
        return next => new ErrorsPlugin(next, [.. patterns], logger);
    }

    public ValueTask HandleAsync(QueryContext query)
    {
        var running = next.HandleAsync(query);
        if (!running.IsCompletedSuccessfully)
        {
            return AwaitAsync(running, query);
        }

        if (query.Response.Error is { } error)
        {
            Tell(query, error);
        }

        return ValueTask.CompletedTask;
    }

    private async ValueTask AwaitAsync(ValueTask running, QueryContext query)
    {
        await running;
        if (query.Response.Error is { } error)
        {
            Tell(query, error);
        }
    }

    private void Tell(QueryContext query, string error)
    {
        var line = $"{(int)query.Response.Code} {LogName.Format(query.LowerName)} {RecordTypeText.Format(query.Type)}: {error}";
        foreach (var pattern in patterns)
        {
            if (pattern.Takes(error, line))
            {
                return;
            }
        }

        LogFailure(line);
    }

    [LoggerMessage(1550, LogLevel.Error, "{Line}")]
    private partial void LogFailure(string line);
}
