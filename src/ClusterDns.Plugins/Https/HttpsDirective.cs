using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Https;

/// <summary>Limits what <c>https://</c> keys accept.</summary>
internal static class HttpsDirective
{
    public static string Name => "https";

    public static PluginFactory? Configure(DirectiveGroup directives, BlockContext block)
    {
        var directive = directives.ExpectOnce();
        directive.ExpectNoArguments();
        var options = new HttpsOptions();
        foreach (var property in directive.Properties)
        {
            options = property.Name switch
            {
                "max_connections" => options with { MaxConnections = property.ExpectArgument().ParseInt(min: 0) },
                _ => throw property.UnknownProperty("max_connections"),
            };
        }

        block.Export(options);
        return null;
    }
}
