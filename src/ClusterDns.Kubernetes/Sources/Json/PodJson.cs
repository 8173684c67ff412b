using System.Text.Json;
using ClusterDns.Kubernetes.Objects;

namespace ClusterDns.Kubernetes.Sources.Json;

/// <summary>Reads a Pod (v1).</summary>
internal static class PodJson
{
    public static Pod Read(ref Utf8JsonReader reader, TextPool pool)
    {
        JsonValue.ExpectObject(ref reader);
        ObjectMetadata metadata = default;
        string? address = null;
        while (JsonValue.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("metadata"u8))
            {
                metadata = ObjectMetadata.Read(ref reader, pool, labels: true);
            }
            else if (!reader.ValueTextEquals("status"u8))
            {
                JsonValue.Skip(ref reader);
            }
            else if (JsonValue.BeginObject(ref reader))
            {
                while (JsonValue.NextMember(ref reader))
                {
                    if (reader.ValueTextEquals("podIP"u8))
                    {
                        address = JsonValue.Text(ref reader);
                    }
                    else
                    {
                        JsonValue.Skip(ref reader);
                    }
                }
            }
        }

        return new Pod
        {
            Name = metadata.RequireName(),
            Namespace = metadata.RequireNamespace(),
            ResourceVersion = metadata.ResourceVersion ?? "",
            Labels = metadata.Labels,
            Terminating = metadata.Terminating,
            PodIP = address,
        };
    }
}
