using System.Text.Json;
using ClusterDns.Plugins.Backends;

namespace ClusterDns.Plugins.Azure;

/// <summary>The addresses of one of Azure's clouds.</summary>
/// <param name="Authority">Gives tokens.</param>
/// <param name="Manager">Knows the zones.</param>
internal sealed record AzureCloud(Uri Authority, Uri Manager)
{
    public static AzureCloud Public { get; } = new(new Uri("https://login.microsoftonline.com/"), new Uri("https://management.azure.com/"));

    private static AzureCloud China { get; } =
        new(new Uri("https://login.chinacloudapi.cn/"), new Uri("https://management.chinacloudapi.cn/"));

    private static AzureCloud Germany { get; } =
        new(new Uri("https://login.microsoftonline.de/"), new Uri("https://management.microsoftazure.de/"));

    private static AzureCloud Government { get; } =
        new(new Uri("https://login.microsoftonline.us/"), new Uri("https://management.usgovcloudapi.net/"));

    /// <summary>Null: there is no cloud of this name. Azure Stack's addresses stand in the file that AZURE_ENVIRONMENT_FILEPATH names.</summary>
    /// <exception cref="BackendException">That file cannot be used.</exception>
    public static AzureCloud? Find(string name) => name.ToUpperInvariant() switch
    {
        "AZURECLOUD" or "AZUREPUBLICCLOUD" => Public,
        "AZURECHINACLOUD" => China,
        "AZUREGERMANCLOUD" => Germany,
        "AZUREUSGOVERNMENT" or "AZUREUSGOVERNMENTCLOUD" => Government,
        "AZURESTACKCLOUD" => ReadFile(Environment.GetEnvironmentVariable("AZURE_ENVIRONMENT_FILEPATH") ?? ""),
        _ => null,
    };

    private static AzureCloud ReadFile(string path)
    {
        try
        {
            var file = JsonSerializer.Deserialize(File.ReadAllText(path), BackendJson.Default.AzureEnvironmentFile);
            return Uri.TryCreate(file?.ActiveDirectoryEndpoint, UriKind.Absolute, out var authority)
                && Uri.TryCreate(file.ResourceManagerEndpoint, UriKind.Absolute, out var manager)
                ? new AzureCloud(authority, manager)
                : throw new BackendException($"AZURE_ENVIRONMENT_FILEPATH: {path} has no activeDirectoryEndpoint and resourceManagerEndpoint");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or ArgumentException)
        {
            throw new BackendException($"AZURE_ENVIRONMENT_FILEPATH: {BackendHttp.Excerpt(exception.Message)}");
        }
    }
}
