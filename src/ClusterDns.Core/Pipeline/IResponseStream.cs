namespace ClusterDns.Core.Pipeline;

/// <summary>Sends several messages in answer to one query (RFC 5936 §2.2).</summary>
public interface IResponseStream
{
    /// <summary>Sends what the query's response holds now as one message; the response may be filled anew afterwards.</summary>
    /// <exception cref="IOException">The client is gone.</exception>
    ValueTask SendAsync(QueryContext query);
}
