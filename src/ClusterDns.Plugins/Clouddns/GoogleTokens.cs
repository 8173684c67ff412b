using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ClusterDns.Plugins.Backends;

namespace ClusterDns.Plugins.Clouddns;

/// <summary>Gets tokens for Google's interfaces: with a service account's key, a user's refresh token, or the machine's identity.</summary>
/// <param name="file">Null: the metadata server of the machine is asked.</param>
internal sealed class GoogleTokens(HttpClient http, GoogleCredentialsFile? file, TimeProvider time)
{
    private const string Scope = "https://www.googleapis.com/auth/ndev.clouddns.readonly";
    private const string DefaultTokenUri = "https://oauth2.googleapis.com/token";
    private const int ProofSeconds = 3600;

    public Task<(string Text, TimeSpan Lasts)> RequestAsync(CancellationToken cancel) => file?.Type switch
    {
        null => FromMachineAsync(cancel),
        "service_account" => PostAsync(
            new() { ["grant_type"] = "urn:ietf:params:oauth:grant-type:jwt-bearer", ["assertion"] = CreateProof(file) }, cancel),
        _ => PostAsync(
            new()
            {
                ["grant_type"] = "refresh_token",
                ["client_id"] = file.ClientId ?? "",
                ["client_secret"] = file.ClientSecret ?? "",
                ["refresh_token"] = file.RefreshToken ?? "",
            },
            cancel),
    };

    private string TokenUri => file?.TokenUri is { Length: > 0 } uri ? uri : DefaultTokenUri;

    private Task<(string Text, TimeSpan Lasts)> PostAsync(Dictionary<string, string> form, CancellationToken cancel)
    {
        if (!Uri.TryCreate(TokenUri, UriKind.Absolute, out var address))
        {
            throw new BackendException("token_uri of the credentials is no URL");
        }

        return OAuthToken.RequestAsync(
            http, new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent(form) }, cancel);
    }

    private Task<(string Text, TimeSpan Lasts)> FromMachineAsync(CancellationToken cancel)
    {
        var host = Environment.GetEnvironmentVariable("GCE_METADATA_HOST") is { Length: > 0 } name ? name : "metadata.google.internal";
        var request = new HttpRequestMessage(
            HttpMethod.Get, new Uri($"http://{host}/computeMetadata/v1/instance/service-accounts/default/token"));
        request.Headers.TryAddWithoutValidation("Metadata-Flavor", "Google");
        return OAuthToken.RequestAsync(http, request, cancel);
    }

    // A signed statement of who asks (RFC 7523 §2.1, RS256 of RFC 7518 §3.3).
    private string CreateProof(GoogleCredentialsFile account)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var header = Encode(writer =>
        {
            writer.WriteString("alg", "RS256");
            writer.WriteString("typ", "JWT");
            if (account.PrivateKeyId is { } id)
            {
                writer.WriteString("kid", id);
            }
        });
        var claims = Encode(writer =>
        {
            writer.WriteString("iss", account.ClientEmail);
            writer.WriteString("scope", Scope);
            writer.WriteString("aud", TokenUri);
            writer.WriteNumber("iat", now);
            writer.WriteNumber("exp", now + ProofSeconds);
        });
        using var key = RSA.Create();
        try
        {
            key.ImportFromPem(account.PrivateKey);
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            throw new BackendException("private_key of the credentials is no RSA key in PEM form");
        }

        var signed = $"{header}.{claims}";
        var signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Encode(Action<Utf8JsonWriter> members)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return Base64Url.EncodeToString(stream.ToArray());
    }
}
