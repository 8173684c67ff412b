using ClusterDns.Plugins.Backends;

namespace ClusterDns.Plugins.Azure;

/// <summary>
/// Gets tokens for Azure's resource manager: with the secret of the Corefile, else with the identity that Kubernetes gives the Pod
/// (workload identity), else with the machine's (managed identity).
/// </summary>
internal sealed class AzureTokens(HttpClient http, AzureOptions options)
{
    private const string MachineHost = "http://169.254.169.254";

    public Task<(string Text, TimeSpan Lasts)> RequestAsync(CancellationToken cancel)
    {
        var tokenFile = Variable("AZURE_FEDERATED_TOKEN_FILE");
        return options.Secret is not null ? WithSecretAsync(cancel)
            : tokenFile is not null ? WithClusterAsync(tokenFile, cancel)
            : WithMachineAsync(cancel);
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private Task<(string Text, TimeSpan Lasts)> WithSecretAsync(CancellationToken cancel) =>
        PostAsync(options.Cloud.Authority, options.Tenant, options.Client, new() { ["client_secret"] = options.Secret ?? "" }, cancel);

    private async Task<(string Text, TimeSpan Lasts)> WithClusterAsync(string tokenFile, CancellationToken cancel)
    {
        var authority = Uri.TryCreate(Variable("AZURE_AUTHORITY_HOST"), UriKind.Absolute, out var host) ? host : options.Cloud.Authority;
        var proof = new Dictionary<string, string>
        {
            ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ["client_assertion"] = (await File.ReadAllTextAsync(tokenFile, cancel)).Trim(),
        };
        return await PostAsync(
            authority, options.Tenant ?? Variable("AZURE_TENANT_ID"), options.Client ?? Variable("AZURE_CLIENT_ID"), proof, cancel);
    }

    private Task<(string Text, TimeSpan Lasts)> PostAsync(
        Uri authority, string? tenant, string? client, Dictionary<string, string> form, CancellationToken cancel)
    {
        form["grant_type"] = "client_credentials";
        form["client_id"] = client ?? "";
        form["scope"] = options.Cloud.Manager.GetLeftPart(UriPartial.Authority) + "/.default";
        var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri(authority, $"/{Uri.EscapeDataString(tenant ?? "common")}/oauth2/v2.0/token"))
        {
            Content = new FormUrlEncodedContent(form),
        };
        return OAuthToken.RequestAsync(http, request, cancel);
    }

    private Task<(string Text, TimeSpan Lasts)> WithMachineAsync(CancellationToken cancel)
    {
        var resource = Uri.EscapeDataString(options.Cloud.Manager.ToString());
        var client = options.Client is { } id ? $"&client_id={Uri.EscapeDataString(id)}" : "";
        var host = new Uri(Variable("AZURE_POD_IDENTITY_AUTHORITY_HOST") ?? MachineHost);
        var request = new HttpRequestMessage(
            HttpMethod.Get, new Uri(host, $"/metadata/identity/oauth2/token?api-version=2018-02-01&resource={resource}{client}"));
        request.Headers.TryAddWithoutValidation("Metadata", "true");
        return OAuthToken.RequestAsync(http, request, cancel);
    }
}
