using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Quic;

/// <summary>Limits what <c>quic://</c> keys accept.</summary>
internal static class QuicDirective
{
    public static string Name => "quic";

    public static PluginFactory? Configure(DirectiveGroup directives, BlockContext block)
    {
        var directive = directives.ExpectOnce();
        directive.ExpectNoArguments();
        var options = new QuicOptions();
        foreach (var property in directive.Properties)
        {
            options = property.Name switch
            {
                // QUIC's own limits are 16-bit numbers here.
                "max_streams" => options with { MaxStreams = property.ExpectArgument().ParseInt(min: 1, max: ushort.MaxValue) },
                "worker_pool_size" => options with { WorkerPoolSize = property.ExpectArgument().ParseInt(min: 1) },
                _ => throw property.UnknownProperty("max_streams", "worker_pool_size"),
            };
        }

        block.Export(options);
        return null;
    }
}
