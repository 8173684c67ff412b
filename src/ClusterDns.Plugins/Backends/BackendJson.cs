using System.Text.Json.Serialization;
using ClusterDns.Plugins.Aws;
using ClusterDns.Plugins.Azure;
using ClusterDns.Plugins.Clouddns;

namespace ClusterDns.Plugins.Backends;

/// <summary>What providers write in JSON; names in any case, as they do not agree with themselves.</summary>
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(OAuthToken))]
[JsonSerializable(typeof(AwsRoleCredentials))]
[JsonSerializable(typeof(AzureRecordSetPage))]
[JsonSerializable(typeof(AzureEnvironmentFile))]
[JsonSerializable(typeof(GoogleCredentialsFile))]
[JsonSerializable(typeof(GoogleRecordSetPage))]
internal sealed partial class BackendJson : JsonSerializerContext;
