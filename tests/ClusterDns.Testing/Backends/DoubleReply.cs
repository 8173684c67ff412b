namespace ClusterDns.Testing.Backends;

/// <summary>What is answered.</summary>
internal sealed record DoubleReply(string Body, int Status = 200);
