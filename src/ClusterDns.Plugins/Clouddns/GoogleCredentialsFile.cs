using System.Text.Json.Serialization;

namespace ClusterDns.Plugins.Clouddns;

/// <summary>A file of Google's credentials; each type has its own members.</summary>
internal sealed record GoogleCredentialsFile(
    string? Type,
    [property: JsonPropertyName("client_email")] string? ClientEmail,
    [property: JsonPropertyName("private_key")] string? PrivateKey,
    [property: JsonPropertyName("private_key_id")] string? PrivateKeyId,
    [property: JsonPropertyName("token_uri")] string? TokenUri,
    [property: JsonPropertyName("client_id")] string? ClientId,
    [property: JsonPropertyName("client_secret")] string? ClientSecret,
    [property: JsonPropertyName("refresh_token")] string? RefreshToken,
    [property: JsonPropertyName("universe_domain")] string? UniverseDomain);
