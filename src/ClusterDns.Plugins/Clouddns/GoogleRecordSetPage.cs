namespace ClusterDns.Plugins.Clouddns;

/// <summary>A page of record sets.</summary>
internal sealed record GoogleRecordSetPage(IReadOnlyList<GoogleRecordSet>? Rrsets, string? NextPageToken);
