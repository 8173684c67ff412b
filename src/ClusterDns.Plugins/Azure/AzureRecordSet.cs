namespace ClusterDns.Plugins.Azure;

/// <summary>The records of one name and type.</summary>
internal sealed record AzureRecordSet(AzureRecordSetProperties? Properties);
