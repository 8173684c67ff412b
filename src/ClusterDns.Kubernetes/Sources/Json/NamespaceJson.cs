using System.Text.Json;
using ClusterDns.Kubernetes.Objects;

namespace ClusterDns.Kubernetes.Sources.Json;

/// <summary>Reads a Namespace (v1).</summary>
internal static class NamespaceJson
{
    public static Namespace Read(ref Utf8JsonReader reader, TextPool pool)
    {
        JsonValue.ExpectObject(ref reader);
        ObjectMetadata metadata = default;
        while (JsonValue.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("metadata"u8))
            {
                metadata = ObjectMetadata.Read(ref reader, pool, labels: true);
            }
            else
            {
                JsonValue.Skip(ref reader);
            }
        }

        return new Namespace
        {
            Name = metadata.RequireName(),
            Namespace = "",
            ResourceVersion = metadata.ResourceVersion ?? "",
            Labels = metadata.Labels,
        };
    }
}
