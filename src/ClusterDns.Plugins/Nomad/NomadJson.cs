using System.Text.Json.Serialization;

namespace ClusterDns.Plugins.Nomad;

/// <summary>What is read of Nomad's API.</summary>
[JsonSourceGenerationOptions]
[JsonSerializable(typeof(NomadRegistration[]))]
internal sealed partial class NomadJson : JsonSerializerContext;
