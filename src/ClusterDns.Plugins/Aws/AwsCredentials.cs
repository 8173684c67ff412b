namespace ClusterDns.Plugins.Aws;

/// <summary>An access key.</summary>
/// <param name="SessionToken">Only of temporary keys.</param>
/// <param name="End">When a temporary key stops working; null: never.</param>
internal sealed record AwsCredentials(string AccessKey, string SecretKey, string? SessionToken = null, DateTimeOffset? End = null);
