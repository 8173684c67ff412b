using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Reload;

/// <summary>Looks at the Corefile from time to time and puts it in force when it changed.</summary>
internal static class ReloadDirective
{
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DefaultJitter = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LeastInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LeastJitter = TimeSpan.FromSeconds(1);

    public static string Name => "reload";

    public static PluginFactory? Configure(DirectiveGroup directives, BlockContext block)
    {
        var directive = directives.ExpectOnce();
        directive.ExpectArguments(0, 2);
        directive.ExpectNoBlock();
        var words = directive.Arguments;
        var interval = words.Count > 0 ? words[0].ParseDuration(LeastInterval, GoDuration.LongestTimer) : DefaultInterval;
        var jitter = words.Count > 1 ? words[1].ParseDuration() : DefaultJitter;
        if (jitter != TimeSpan.Zero && jitter < LeastJitter)
        {
            throw words[1].Unexpected("0 or a duration of at least 1s");
        }

        var watcher = new CorefileWatcher(block.Services, interval, jitter < interval / 2 ? jitter : interval / 2);

        // One Corefile, one watcher: the last block that asks for it says how often.
        block.OnServing(end => block.Plan.Last(static other => other.Plugins.Contains(Name)) == block
            ? watcher.RunAsync(end)
            : ValueTask.CompletedTask);
        return null;
    }
}
