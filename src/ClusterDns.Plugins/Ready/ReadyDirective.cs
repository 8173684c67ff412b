using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Ready;

/// <summary>Serves <c>/ready</c>: every directive of every block that needs time to get ready is.</summary>
internal static class ReadyDirective
{
    public static string Name => "ready";

    public static PluginFactory? Configure(DirectiveGroup directives, BlockContext block)
    {
        var directive = directives.ExpectOnce();
        directive.ExpectArguments(0, 1);
        var address = directive.Arguments.Count > 0 ? HttpAddress.Parse(directive.Arguments[0]) : new HttpAddress(null, 8181);
        var isContinuous = false;
        var showsDetails = false;
        foreach (var property in directive.Properties)
        {
            if (property.Name is "details")
            {
                property.ExpectNoArguments();
                showsDetails = true;
                continue;
            }

            if (property.Name is not "monitor")
            {
                throw property.UnknownProperty("monitor", "details");
            }

            isContinuous = property.ExpectArgument().Text switch
            {
                "until-ready" => false,
                "continuously" => true,
                _ => throw property.Arguments[0].Unexpected("until-ready or continuously"),
            };
        }

        var readiness = new Readiness(block, isContinuous, showsDetails);
        block.Services.Http.Map(address, "/ready", readiness.Reply, directive);
        block.OnFinalShutdown(() =>
        {
            readiness.BeginShutdown();
            return ValueTask.CompletedTask;
        });
        return null;
    }
}
