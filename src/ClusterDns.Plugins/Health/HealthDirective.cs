using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Health;

/// <summary>Serves <c>/health</c>: the process lives. Looks at itself each second and counts what it sees.</summary>
internal static class HealthDirective
{
    public static string Name => "health";

    public static PluginFactory? Configure(DirectiveGroup directives, BlockContext block)
    {
        var directive = directives.ExpectOnce();
        directive.ExpectArguments(0, 1);
        var address = directive.Arguments.Count > 0 ? HttpAddress.Parse(directive.Arguments[0]) : new HttpAddress(null, 8080);
        var lameduck = TimeSpan.Zero;
        foreach (var property in directive.Properties)
        {
            switch (property.Name)
            {
                case "lameduck":
                    lameduck = ParseDuration(property.ExpectArgument());
                    break;
                case "drain":
                    property.ExpectArguments(1, 2);
                    var quiet = property.Arguments.Count > 1 ? ParseDuration(property.Arguments[1]) : DrainOptions.Default.Quiet;
                    block.Export(new DrainOptions(ParseDuration(property.Arguments[0]), quiet));
                    break;
                default:
                    throw property.UnknownProperty("lameduck", "drain");
            }
        }

        var reply = HttpReply.Text(200, "OK");
        block.Services.Http.Map(address, "/health", () => reply, directive);
        var probe = new SelfProbe(address, block.Services);
        block.OnServing(probe.RunAsync);
        if (lameduck > TimeSpan.Zero)
        {
            block.OnFinalShutdown(async () => await Lameduck.WaitAsync(lameduck, block.Services));
        }

        return null;
    }

    private static TimeSpan ParseDuration(Token word) => word.ParseDuration(TimeSpan.Zero, GoDuration.LongestTimer);
}
