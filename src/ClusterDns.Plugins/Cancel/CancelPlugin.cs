using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Cancel;

/// <summary>Gives every query a time after which nobody works on it any more.</summary>
internal sealed class CancelPlugin(IQueryHandler next, TimeProvider time, long ticks) : IPlugin
{
    private static readonly TimeSpan Default = TimeSpan.FromMilliseconds(5001);

    public static string Name => "cancel";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        var directive = directives.ExpectOnce();
        directive.ExpectArguments(0, 1);
        var timeout = directive.Arguments is [var word] ? word.ParseDuration() : Default;
        var time = block.Services.Time;
        return next => new CancelPlugin(next, time, (long)(timeout.TotalSeconds * time.TimestampFrequency));
    }

    public ValueTask HandleAsync(QueryContext query)
    {
        // The longest durations reach beyond the last timestamp: then there is no end.
        var now = time.GetTimestamp();
        query.Deadline = Math.Min(query.Deadline, ticks < long.MaxValue - now ? now + ticks : long.MaxValue);
        return next.HandleAsync(query);
    }
}
