namespace ClusterDns.Plugins.Azure;

/// <summary>One TXT record, its strings.</summary>
internal sealed record AzureText(IReadOnlyList<string>? Value);
