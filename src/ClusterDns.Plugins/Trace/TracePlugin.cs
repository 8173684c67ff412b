using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Trace;

/// <summary>Makes a span of one query of so many, with a span for each step inside.</summary>
/// <param name="every">0: none.</param>
internal sealed class TracePlugin(IQueryHandler next, QueryTracer tracer, ulong every) : IPlugin
{
    private ulong _queries;

    public static string Name => "trace";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block) => TraceDirective.Configure(directives, block);

    // The gate stands before the library's sampler, which allocates for those it does not want.
    public ValueTask HandleAsync(QueryContext query) =>
        every == 0
        || query.Parent is not null
        || Interlocked.Increment(ref _queries) % every != 0
        || query.Caller is { IsSampled: false }
            ? next.HandleAsync(query)
            : TraceAsync(query);

    // Async even where nothing waits: what a span leaves in the execution context ends with the method.
    private async ValueTask TraceAsync(QueryContext query)
    {
        using var span = tracer.StartQuery(query);
        await next.HandleAsync(query);
        if (span is not null)
        {
            tracer.Describe(span, query);
        }
    }
}
