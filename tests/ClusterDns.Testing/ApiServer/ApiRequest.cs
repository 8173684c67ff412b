namespace ClusterDns.Testing.ApiServer;

/// <summary>A request as the double received it.</summary>
public sealed record ApiRequest(
    string Path,
    IReadOnlyDictionary<string, string> Query,
    string UserAgent,
    string Authorization,
    string? ClientCertificate,
    string Protocol)
{
    public ApiResource? Resource => ApiResource.FromPath(Path, out _);

    public bool IsWatch => Value("watch") is "true" or "1";

    public string Value(string key) => Query.GetValueOrDefault(key, "");
}
