using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Core.Pipeline;

/// <summary>Asks the server itself: the question goes through zone choice and the whole chain again (CNAME targets).</summary>
public interface IQueryResolver
{
    /// <summary>
    /// The finished query, which the caller gives back with <see cref="Release"/> when it has copied what it wants; null
    /// when too many queries already led here or nothing was answered.
    /// </summary>
    ValueTask<QueryContext?> ResolveAsync(QueryContext parent, NameSpan name, RecordType type);

    void Release(QueryContext query);
}
