using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Pprof;

/// <summary>Serves what this process can tell of itself under <c>/debug/pprof/</c>: the .NET counterpart of Go's profiles.</summary>
internal static class PprofDirective
{
    private const string Base = "/debug/pprof/";

    // What Go's tools ask for and .NET has nothing of the same form for.
    private static readonly string[] GoProfiles = ["profile", "symbol", "goroutine", "allocs", "block", "mutex", "threadcreate"];

    public static string Name => "pprof";

    public static PluginFactory? Configure(DirectiveGroup directives, BlockContext block)
    {
        var directive = directives.ExpectOnce();
        directive.ExpectArguments(0, 1);
        var address = directive.Arguments is [var word]
            ? HttpAddress.Parse(word)
            : new HttpAddress(System.Net.IPAddress.Loopback, 6053);
        var contentionRate = 0;
        foreach (var property in directive.Properties)
        {
            if (property.Name is not "block")
            {
                throw property.UnknownProperty("block");
            }

            property.ExpectArguments(0, 1);
            contentionRate = property.Arguments is [var rate] ? rate.ParseInt() : 1;
        }

        Map(block.Services, address, directive, contentionRate);
        return null;
    }

    private static void Map(ServerServices services, HttpAddress address, Directive origin, int contentionRate)
    {
        var traces = new TraceEndpoint(services.Time, contentionRate);
        var index = new HttpReply(200, "text/html; charset=utf-8", IndexPage.Text);
        var http = services.Http;
        http.Map(address, Base, () => index, origin);
        http.Map(address, Base.TrimEnd('/'), () => index, origin);
        http.Map(address, Base + "counters", static () => HttpReply.Text(200, RuntimeCounters.Format()), origin);
        http.Map(address, Base + "heap", static (query, _) => new ValueTask<HttpReply>(HeapReport.Reply(query)), origin);
        http.Map(address, Base + "threads", static () => HttpReply.Text(200, ThreadReport.Format()), origin);
        http.Map(address, Base + "cmdline", static () => HttpReply.Text(200, string.Join('\0', Environment.GetCommandLineArgs())), origin);
        http.Map(address, Base + "trace", traces.ReplyAsync, origin);
        var none = HttpReply.Text(404, $"this is not a Go program and has no such profile: {Base} lists what there is\n");
        foreach (var name in GoProfiles)
        {
            http.Map(address, Base + name, () => none, origin);
        }
    }
}
