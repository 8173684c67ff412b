using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Trace;

/// <summary>Offers <c>trace/traceid</c>: the identity of the trace that a query belongs to, "" where it belongs to none.</summary>
internal sealed class TraceMetadata(QueryTracer tracer) : IMetadataProvider
{
    private readonly Func<QueryContext, string> _identity = _ => tracer.Current?.TraceId.ToHexString() ?? "";

    public void Provide(QueryContext query, MetadataValues values) => values.Set("trace/traceid", _identity);
}
