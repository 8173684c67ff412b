namespace ClusterDns.Core.Pipeline;

/// <summary>The listening address a query came in by, as metrics name it.</summary>
/// <param name="Label"><c>dns://:53</c>, <c>tls://127.0.0.1:853</c>: the <c>server</c> label.</param>
/// <param name="Index">Small and unique in the process, to index arrays of resolved metrics by.</param>
public sealed record ListenerIdentity(string Label, int Index);
