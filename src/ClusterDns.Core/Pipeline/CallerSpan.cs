using System.Diagnostics;

namespace ClusterDns.Core.Pipeline;

/// <summary>The span of whoever asked, as headers of HTTP or gRPC tell it: spans of the query go on from it (<c>trace</c>).</summary>
/// <param name="Context">Its trace and its identity; default where only <paramref name="IsSampled"/> is told.</param>
/// <param name="Parent">The span that it is inside of; default: not told.</param>
/// <param name="IsSampled">False: the caller wants no spans of this query.</param>
public sealed record CallerSpan(ActivityContext Context, ActivitySpanId Parent, bool IsSampled);
