using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Plugins.Log;

/// <summary>Writes a line for each query whose response is of a class that is asked for.</summary>
internal sealed partial class LogPlugin(IQueryHandler next, LogRule[] rules, ServerServices services) : IPlugin
{
    private readonly ILogger _logger = services.Loggers.CreateLogger("");

    public static string Name => "log";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        LogRule[] rules = [.. directives.Select(Read)];
        return next => new LogPlugin(next, rules, block.Services);
    }

    public ValueTask HandleAsync(QueryContext query)
    {
        var running = next.HandleAsync(query);
        if (!running.IsCompletedSuccessfully)
        {
            return AwaitAsync(running, query);
        }

        Write(query);
        return ValueTask.CompletedTask;
    }

    // log [NAMES...] [FORMAT]: only a word with a brace in it is a format, and a single word is always a name.
    private static LogRule Read(Directive directive)
    {
        var words = directive.Arguments;
        var hasFormat = words.Count > 1 && words[^1].Text.Contains('{', StringComparison.Ordinal);
        var names = words.Take(hasFormat ? words.Count - 1 : words.Count).SelectMany(static word => word.ParseZones()).ToArray();
        var classes = LogClasses.None;
        foreach (var property in directive.Properties)
        {
            if (property.Name is not "class")
            {
                throw property.UnknownProperty("class");
            }

            property.ExpectArguments(1);
            classes |= property.Arguments.Aggregate(LogClasses.None, static (all, word) => all | ReadClass(word));
        }

        return new LogRule(
            names.Length == 0 ? ZoneSet.All : new ZoneSet(names),
            hasFormat ? LogFormat.Parse(words[^1].Text) : LogFormat.Default,
            classes is LogClasses.None ? LogClasses.All : classes);
    }

    private static LogClasses ReadClass(Token word) => word.Text switch
    {
        "all" => LogClasses.All,
        "success" => LogClasses.Success,
        "denial" => LogClasses.Denial,
        "error" => LogClasses.Error,
        _ => throw word.Unexpected("all, success, denial or error"),
    };

    private async ValueTask AwaitAsync(ValueTask running, QueryContext query)
    {
        await running;
        Write(query);
    }

    private void Write(QueryContext query)
    {
        if (query.Response.State is not ResponseState.Answered)
        {
            return;
        }

        foreach (var rule in rules)
        {
            if (!rule.Names.Contains(query.LowerName))
            {
                continue;
            }

            // The first rule about the name is the only one that counts.
            if ((rule.Classes & LogClassifier.Classify(query)) != 0)
            {
                LogQuery(rule.Format.Format(query, services.Time));
            }

            return;
        }
    }

    [LoggerMessage(1540, LogLevel.Information, "{Line}")]
    private partial void LogQuery(string line);
}
