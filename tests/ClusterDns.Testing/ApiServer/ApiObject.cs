using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClusterDns.Testing.ApiServer;

/// <summary>One version of one object; never changed once made.</summary>
internal sealed class ApiObject
{
    private static readonly JsonSerializerOptions Compact = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly JsonObject _json;

    public ApiObject(ApiResource resource, JsonObject json, long version, string uid)
    {
        _json = (JsonObject)json.DeepClone();
        _json.Remove("kind");
        _json.Remove("apiVersion");
        JsonObject metadata = (JsonObject)_json["metadata"]!;
        metadata["resourceVersion"] = version.ToString();
        metadata["uid"] ??= uid;
        metadata["creationTimestamp"] ??= "2026-01-01T00:00:00Z";
        Resource = resource;
        Version = version;
        Name = (string)metadata["name"]!;
        Namespace = resource.IsNamespaced ? (string?)metadata["namespace"] ?? "default" : "";
        if (resource.IsNamespaced)
        {
            metadata["namespace"] = Namespace;
        }

        // A list leaves kind and apiVersion out of its items; a watch puts them first.
        ItemText = _json.ToJsonString(Compact);
        JsonObject full = new() { ["kind"] = resource.Kind, ["apiVersion"] = resource.ApiVersion };
        foreach ((string key, JsonNode? value) in _json)
        {
            full[key] = value?.DeepClone();
        }

        WatchText = full.ToJsonString(Compact);
    }

    public ApiResource Resource { get; }

    public long Version { get; }

    public string Namespace { get; }

    public string Name { get; }

    /// <summary>Where etcd would keep it, which is the order of lists.</summary>
    public string Key => $"{Namespace}/{Name}";

    public string ItemText { get; }

    public string WatchText { get; }

    public JsonObject Json => _json;

    public string? Label(string key) => (string?)_json["metadata"]?["labels"]?[key];

    public string Field(string path)
    {
        JsonNode? node = _json;
        foreach (string step in path.Split('.'))
        {
            node = (node as JsonObject)?[step];
        }

        return node?.ToString() ?? "";
    }
}
