namespace ClusterDns.Plugins.Azure;

/// <summary>The SOA record.</summary>
internal sealed record AzureStart(
    string? Host, string? Email, long SerialNumber, long RefreshTime, long RetryTime, long ExpireTime, long MinimumTtl);
