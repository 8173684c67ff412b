using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.GrpcServer;

/// <summary>Limits what <c>grpc://</c> keys accept.</summary>
internal static class GrpcServerDirective
{
    public static string Name => "grpc_server";

    public static PluginFactory? Configure(DirectiveGroup directives, BlockContext block)
    {
        var directive = directives.ExpectOnce();
        directive.ExpectNoArguments();
        var options = new GrpcServerOptions();
        foreach (var property in directive.Properties)
        {
            options = property.Name switch
            {
                "max_streams" => options with { MaxStreams = property.ExpectArgument().ParseInt(min: 0) },
                "max_connections" => options with { MaxConnections = property.ExpectArgument().ParseInt(min: 0) },
                _ => throw property.UnknownProperty("max_streams", "max_connections"),
            };
        }

        block.Export(options);
        return null;
    }
}
