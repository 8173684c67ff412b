using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Rewrite;

/// <summary>The octets that a rule puts into an EDNS option of this query; null: nothing is known to put there.</summary>
internal delegate byte[]? EdnsValue(QueryContext query);
