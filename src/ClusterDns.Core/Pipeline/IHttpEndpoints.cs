namespace ClusterDns.Core.Pipeline;

/// <summary>The small HTTP servers for probes and metrics. Blocks that name the same address share one.</summary>
public interface IHttpEndpoints
{
    /// <summary>
    /// Serves <paramref name="path"/> on <paramref name="address"/> (<c>:8080</c>, <c>127.0.0.1:9153</c>) from the start of
    /// the plan being built until it ends; every method, other paths are 404.
    /// </summary>
    void Map(string address, string path, Func<HttpReply> reply);
}
