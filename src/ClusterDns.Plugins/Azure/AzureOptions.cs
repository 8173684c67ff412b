namespace ClusterDns.Plugins.Azure;

/// <summary>Who asks Azure, and which of its clouds.</summary>
/// <param name="Secret">Null: the identity that the cluster or the machine has.</param>
/// <param name="IsPrivate">The zones are private ones.</param>
internal sealed record AzureOptions(
    AzureCloud Cloud, string Subscription, string? Tenant, string? Client, string? Secret, bool IsPrivate);
