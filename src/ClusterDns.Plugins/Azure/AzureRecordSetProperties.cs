namespace ClusterDns.Plugins.Azure;

/// <summary>The records of one name and type, in the member of that type.</summary>
internal sealed record AzureRecordSetProperties(
    string? Fqdn,
    long Ttl,
    IReadOnlyList<AzureRecord>? ARecords,
    IReadOnlyList<AzureRecord>? AaaaRecords,
    IReadOnlyList<AzureRecord>? MxRecords,
    IReadOnlyList<AzureRecord>? NsRecords,
    IReadOnlyList<AzureRecord>? PtrRecords,
    IReadOnlyList<AzureRecord>? SrvRecords,
    IReadOnlyList<AzureText>? TxtRecords,
    IReadOnlyList<AzureAuthority>? CaaRecords,
    AzureRecord? CnameRecord,
    AzureStart? SoaRecord);
