namespace ClusterDns.Core.Pipeline;

/// <summary>Answers a request to an admin endpoint.</summary>
/// <param name="queryString">With its question mark; "" where there is none.</param>
/// <param name="aborted">Cancelled when the client has gone.</param>
public delegate ValueTask<HttpReply> HttpHandler(string queryString, CancellationToken aborted);
