namespace ClusterDns.Plugins.Clouddns;

/// <summary>The records of one name and type, RDATA in presentation form.</summary>
internal sealed record GoogleRecordSet(string? Name, string? Type, long Ttl, IReadOnlyList<string>? Rrdatas);
