using System.Text.Json.Serialization;

namespace ClusterDns.Plugins.Etcd;

/// <summary>Reads values written by hand as well: names in any case, numbers in quotes.</summary>
[JsonSourceGenerationOptions(
    PropertyNameCaseInsensitive = true,
    NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(SkydnsValue))]
internal sealed partial class SkydnsJson : JsonSerializerContext;
