namespace ClusterDns.Plugins.Azure;

/// <summary>What the description of an Azure Stack says that is used here.</summary>
internal sealed record AzureEnvironmentFile(string? ActiveDirectoryEndpoint, string? ResourceManagerEndpoint);
