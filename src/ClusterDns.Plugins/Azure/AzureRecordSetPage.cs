namespace ClusterDns.Plugins.Azure;

/// <summary>A page of record sets; public and private zones write the same names in other cases.</summary>
internal sealed record AzureRecordSetPage(IReadOnlyList<AzureRecordSet>? Value, string? NextLink);
