using ClusterDns.Core.Corefile;

namespace ClusterDns.Core.Pipeline;

/// <summary>The small HTTP servers for probes and metrics. Blocks that name the same address share one.</summary>
public interface IHttpEndpoints
{
    /// <summary>
    /// Serves <paramref name="path"/> on <paramref name="address"/> from the start of the plan being built until it ends,
    /// for every method; other paths are 404. The last one to map a path has it. An address that cannot be bound is a
    /// mistake in the line of <paramref name="origin"/>.
    /// </summary>
    void Map(HttpAddress address, string path, Func<HttpReply> reply, Directive? origin = null);

    /// <summary>The same for what takes its time, or asks for more than a path.</summary>
    void Map(HttpAddress address, string path, HttpHandler handler, Directive? origin = null);
}
