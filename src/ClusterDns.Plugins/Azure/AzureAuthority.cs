namespace ClusterDns.Plugins.Azure;

/// <summary>One CAA record.</summary>
internal sealed record AzureAuthority(int Flags, string? Tag, string? Value);
