using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using ClusterDns.Plugins.Aws;
using ClusterDns.Plugins.Backends;

namespace ClusterDns.Plugins.Dnssec;

/// <summary>
/// Reads key pairs that AWS Secrets Manager keeps: a secret is a JSON object whose <c>key</c> and <c>private</c> are what stands
/// in the two files of a pair.
/// </summary>
/// <param name="environment">Reads an environment variable; AWS's own name region, credentials and endpoint.</param>
internal sealed class SecretsManager(HttpClient http, TimeProvider time, Func<string, string?> environment)
{
    private const string Service = "secretsmanager";
    private const string DefaultRegion = "us-east-1";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>Reads a key while a configuration is read; waits at most ten seconds.</summary>
    /// <param name="secret">An ARN or a name.</param>
    /// <param name="error">What is wrong, where the result is false.</param>
    public static bool TryRead(string secret, TimeProvider time, [NotNullWhen(true)] out SigningKey? key, out string error)
    {
        using var http = BackendHttp.Create(Timeout);
        var secrets = new SecretsManager(http, time, Environment.GetEnvironmentVariable);

        // A Corefile is read on a thread that may wait; the keys are needed before anything else can be checked.
        (key, error) = Task.Run(() => secrets.ReadAsync(secret)).GetAwaiter().GetResult();
        return key is not null;
    }

    public async Task<(SigningKey? Key, string Error)> ReadAsync(string secret)
    {
        try
        {
            using var limit = new CancellationTokenSource(Timeout, time);
            var body = await AskAsync(secret, limit.Token);
            using var answer = JsonDocument.Parse(body);
            using var pair = JsonDocument.Parse(Member(answer, "SecretString"));
            return KeyPair.TryRead(
                Member(pair, "key"), $"{secret} (key)", Member(pair, "private"), $"{secret} (private)", out var key, out var error)
                ? (key, "")
                : (null, error);
        }
        catch (Exception exception) when (BackendHttp.IsFailure(exception))
        {
            return (null, $"AWS Secrets Manager: {secret}: {exception.Message}");
        }
    }

    private async Task<string> AskAsync(string secret, CancellationToken cancel)
    {
        var region = RegionOf(secret);
        var body = Encoding.UTF8.GetBytes($"{{\"SecretId\":\"{JsonEncodedText.Encode(secret)}\"}}");
        using var request = new HttpRequestMessage(HttpMethod.Post, EndpointOf(region)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/x-amz-json-1.1");
        request.Headers.TryAddWithoutValidation("X-Amz-Target", "secretsmanager.GetSecretValue");
        using var credentials = new AwsCredentialChain(http, time, environment: environment);
        var found = await credentials.GetAsync(cancel);
        AwsSignature.Sign(request, body, found, region, Service, time.GetUtcNow());
        using var response = await http.SendAsync(request, cancel);
        var text = await response.Content.ReadAsStringAsync(cancel);
        return response.IsSuccessStatusCode
            ? text
            : throw new BackendException($"found status {(int)response.StatusCode}: {BackendHttp.Excerpt(text)}");
    }

    // arn:PARTITION:secretsmanager:REGION:ACCOUNT:secret:NAME
    private string RegionOf(string secret) =>
        secret.Split(':') is ["arn", _, Service, { Length: > 0 } region, ..]
            ? region
            : Variable("AWS_REGION") ?? Variable("AWS_DEFAULT_REGION") ?? DefaultRegion;

    private Uri EndpointOf(string region)
    {
        var endpoint = Variable("AWS_ENDPOINT_URL_SECRETS_MANAGER") ?? Variable("AWS_ENDPOINT_URL");
        var domain = region.StartsWith("cn-", StringComparison.Ordinal) ? "amazonaws.com.cn" : "amazonaws.com";
        return Uri.TryCreate(endpoint ?? $"https://{Service}.{region}.{domain}/", UriKind.Absolute, out var uri)
            ? uri
            : throw new BackendException($"found '{endpoint}' as endpoint, expected an URL");
    }

    private string? Variable(string name) => environment(name) is { Length: > 0 } value ? value : null;

    private static string Member(JsonDocument document, string name) =>
        document.RootElement.ValueKind is JsonValueKind.Object
        && document.RootElement.TryGetProperty(name, out var member)
        && member.ValueKind is JsonValueKind.String
            ? member.GetString()!
            : throw new BackendException($"found no member {name} that is a text, expected one");
}
