namespace ClusterDns.Plugins.Aws;

/// <summary>What the metadata service of a machine or a container says of its role's keys.</summary>
internal sealed record AwsRoleCredentials(string? AccessKeyId, string? SecretAccessKey, string? Token, DateTimeOffset? Expiration);
