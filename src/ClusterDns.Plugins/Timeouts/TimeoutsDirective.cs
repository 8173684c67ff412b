using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Timeouts;

/// <summary>Sets how long connections may be slow or idle, and how many queries one may send.</summary>
internal static class TimeoutsDirective
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    public static string Name => "timeouts";

    public static PluginFactory? Configure(DirectiveGroup directives, BlockContext block)
    {
        var directive = directives.ExpectOnce();
        directive.ExpectNoArguments();
        if (directive.Properties.Count == 0)
        {
            throw new CorefileException(
                directive.File, directive.Line, "no timeout", "a block with read, write, idle or maxtcpqueries");
        }

        var options = new TimeoutsOptions();
        foreach (var property in directive.Properties)
        {
            var value = property.ExpectArgument();
            options = property.Name switch
            {
                "read" => options with { Read = value.ParseDurationOrSeconds(Shortest, Longest) },
                "write" => options with { Write = value.ParseDurationOrSeconds(Shortest, Longest) },
                "idle" => options with { Idle = value.ParseDurationOrSeconds(Shortest, Longest) },
                "maxtcpqueries" => options with { MaxTcpQueries = ParseCount(value) },
                _ => throw property.UnknownProperty("read", "write", "idle", "maxtcpqueries"),
            };
        }

        block.Export(options);
        return null;
    }

    private static int ParseCount(Token value) => value.ParseInt(min: -1) is var count and not 0
        ? count
        : throw value.Unexpected("-1 for no limit or a number above 0");
}
