using System.Globalization;
using System.Text.Json;
using ClusterDns.Plugins.Backends;

namespace ClusterDns.Plugins.Aws;

/// <summary>
/// Finds the keys to ask AWS with: those of the Corefile, of the environment, of a web identity (IRSA), of a file of profiles, of
/// the container, of the machine; the first that has some is the one.
/// </summary>
/// <param name="configured">Keys that stand in the Corefile.</param>
/// <param name="profile">Null: AWS_PROFILE, or <c>default</c>.</param>
/// <param name="file">Null: AWS_SHARED_CREDENTIALS_FILE, or <c>~/.aws/credentials</c>.</param>
internal sealed class AwsCredentialChain(
    HttpClient http,
    TimeProvider time,
    AwsCredentials? configured = null,
    string? profile = null,
    string? file = null,
    Func<string, string?>? environment = null) : IDisposable
{
    private const string ContainerHost = "http://169.254.170.2";
    private const string MachineHost = "http://169.254.169.254";

    // Temporary keys are renewed this long before they end.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(2);

    // Nobody answers at the metadata address of a machine that is not in the cloud.
    private static readonly TimeSpan MetadataTimeout = TimeSpan.FromSeconds(2);

    private readonly Func<string, string?> _environment = environment ?? Environment.GetEnvironmentVariable;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private AwsCredentials? _known;

    /// <exception cref="BackendException">There are none.</exception>
    public async Task<AwsCredentials> GetAsync(CancellationToken cancel)
    {
        await _gate.WaitAsync(cancel);
        try
        {
            if (_known is not { } known || known.End - Margin <= time.GetUtcNow())
            {
                known = await FindAsync(cancel) ?? throw new BackendException("no valid AWS credentials in the Corefile, the environment, "
                    + "a credentials file, the container or the machine");
                _known = known;
            }

            return known;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<AwsCredentials?> FindAsync(CancellationToken cancel) =>
        configured
        ?? FromEnvironment()
        ?? await FromWebIdentityAsync(cancel)
        ?? FromFile()
        ?? await FromContainerAsync(cancel)
        ?? await FromMachineAsync(cancel);

    private string? Variable(string name) => _environment(name) is { Length: > 0 } value ? value : null;

    private AwsCredentials? FromEnvironment() =>
        (Variable("AWS_ACCESS_KEY_ID") ?? Variable("AWS_ACCESS_KEY")) is { } accessKey
        && (Variable("AWS_SECRET_ACCESS_KEY") ?? Variable("AWS_SECRET_KEY")) is { } secretKey
            ? new AwsCredentials(accessKey, secretKey, Variable("AWS_SESSION_TOKEN"))
            : null;

    private AwsCredentials? FromFile() => AwsCredentialsFile.Read(
        file ?? Variable("AWS_SHARED_CREDENTIALS_FILE") ?? Path.Combine(Variable("HOME") ?? "", ".aws", "credentials"),
        profile ?? Variable("AWS_PROFILE") ?? "default");

    // A token of the cluster is changed for keys of a role (STS, AssumeRoleWithWebIdentity).
    private async Task<AwsCredentials?> FromWebIdentityAsync(CancellationToken cancel)
    {
        if (Variable("AWS_WEB_IDENTITY_TOKEN_FILE") is not { } tokenFile || Variable("AWS_ROLE_ARN") is not { } role)
        {
            return null;
        }

        var region = Variable("AWS_REGION") ?? Variable("AWS_DEFAULT_REGION");
        var host = Variable("AWS_ENDPOINT_URL_STS") ?? (region is null ? "https://sts.amazonaws.com" : $"https://sts.{region}.amazonaws.com");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(new Uri(host), "/"))
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["Action"] = "AssumeRoleWithWebIdentity",
                ["Version"] = "2011-06-15",
                ["RoleArn"] = role,
                ["RoleSessionName"] = Variable("AWS_ROLE_SESSION_NAME") ?? "clusterdns",
                ["WebIdentityToken"] = (await File.ReadAllTextAsync(tokenFile, cancel)).Trim(),
            }),
        };
        using var response = await http.SendAsync(request, cancel);
        var body = await response.Content.ReadAsStringAsync(cancel);
        if (!response.IsSuccessStatusCode)
        {
            throw new BackendException($"STS answered {(int)response.StatusCode}: {BackendHttp.Excerpt(body)}");
        }

        return ReadRole(body);
    }

    private static AwsCredentials ReadRole(string body)
    {
        try
        {
            var values = BackendXml.Read(body, "STS").Descendants().FirstOrDefault(static element => element.Name.LocalName == "Credentials")?
                .Elements().ToDictionary(static element => element.Name.LocalName, static element => element.Value);
            return values is not null
                ? new AwsCredentials(
                    values["AccessKeyId"],
                    values["SecretAccessKey"],
                    values["SessionToken"],
                    DateTimeOffset.Parse(values["Expiration"], CultureInfo.InvariantCulture))
                : throw new BackendException("STS gave no keys");
        }
        catch (Exception exception) when (exception is KeyNotFoundException or FormatException or ArgumentException)
        {
            throw new BackendException($"STS answered something else: {BackendHttp.Excerpt(exception.Message)}");
        }
    }

    private async Task<AwsCredentials?> FromContainerAsync(CancellationToken cancel)
    {
        var address = Variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") is { } path
            ? ContainerHost + path
            : Variable("AWS_CONTAINER_CREDENTIALS_FULL_URI");
        if (address is null || !Uri.TryCreate(address, UriKind.Absolute, out var uri))
        {
            return null;
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        var token = Variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") is { } tokenFile
            ? (await File.ReadAllTextAsync(tokenFile, cancel)).Trim()
            : Variable("AWS_CONTAINER_AUTHORIZATION_TOKEN");
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", token);
        }

        return ReadKeys(await AskMetadataAsync(request, cancel));
    }

    // Version 2 of the metadata service: a token first, which no redirected request can get.
    private async Task<AwsCredentials?> FromMachineAsync(CancellationToken cancel)
    {
        if (string.Equals(Variable("AWS_EC2_METADATA_DISABLED"), "true", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var host = new Uri(Variable("AWS_EC2_METADATA_SERVICE_ENDPOINT") ?? MachineHost);
        using var tokenRequest = new HttpRequestMessage(HttpMethod.Put, new Uri(host, "/latest/api/token"));
        tokenRequest.Headers.TryAddWithoutValidation("X-aws-ec2-metadata-token-ttl-seconds", "300");
        if (await AskMetadataAsync(tokenRequest, cancel) is not { } token)
        {
            return null;
        }

        const string roles = "/latest/meta-data/iam/security-credentials/";
        using var listRequest = Metadata(new Uri(host, roles), token);
        var role = (await AskMetadataAsync(listRequest, cancel))?.Split('\n')[0].Trim();
        if (string.IsNullOrEmpty(role))
        {
            return null;
        }

        using var request = Metadata(new Uri(host, roles + Uri.EscapeDataString(role)), token);
        return ReadKeys(await AskMetadataAsync(request, cancel));
    }

    private static HttpRequestMessage Metadata(Uri address, string token)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("X-aws-ec2-metadata-token", token);
        return request;
    }

    // Null where nobody is there: then the keys are to be found elsewhere.
    private async Task<string?> AskMetadataAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        using var timeout = new CancellationTokenSource(MetadataTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancel);
        try
        {
            using var response = await http.SendAsync(request, either.Token);
            return response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync(either.Token) : null;
        }
        catch (Exception exception) when (!cancel.IsCancellationRequested && exception is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }

    private static AwsCredentials? ReadKeys(string? body)
    {
        var keys = body is null ? null : JsonSerializer.Deserialize(body, BackendJson.Default.AwsRoleCredentials);
        return keys is { AccessKeyId: { } accessKey, SecretAccessKey: { } secretKey }
            ? new AwsCredentials(accessKey, secretKey, keys.Token, keys.Expiration)
            : null;
    }
}
