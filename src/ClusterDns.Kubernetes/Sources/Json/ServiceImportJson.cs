using System.Text.Json;
using ClusterDns.Kubernetes.Objects;

namespace ClusterDns.Kubernetes.Sources.Json;

/// <summary>Reads a ServiceImport (multicluster.x-k8s.io/v1alpha1).</summary>
internal static class ServiceImportJson
{
    public static ServiceImport Read(ref Utf8JsonReader reader, TextPool pool)
    {
        JsonValue.ExpectObject(ref reader);
        ObjectMetadata metadata = default;
        bool headless = false;
        string[] addresses = [];
        ServicePort[] ports = [];
        while (JsonValue.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("metadata"u8))
            {
                metadata = ObjectMetadata.Read(ref reader, pool);
            }
            else if (!reader.ValueTextEquals("spec"u8))
            {
                JsonValue.Skip(ref reader);
            }
            else if (JsonValue.BeginObject(ref reader))
            {
                while (JsonValue.NextMember(ref reader))
                {
                    if (reader.ValueTextEquals("type"u8))
                    {
                        headless = JsonValue.Text(ref reader, pool) is "Headless";
                    }
                    else if (reader.ValueTextEquals("ips"u8))
                    {
                        addresses = JsonValue.Texts(ref reader);
                    }
                    else if (reader.ValueTextEquals("ports"u8))
                    {
                        ports = PortJson.Read(ref reader, pool);
                    }
                    else
                    {
                        JsonValue.Skip(ref reader);
                    }
                }
            }
        }

        return new ServiceImport
        {
            Name = metadata.RequireName(),
            Namespace = metadata.RequireNamespace(),
            ResourceVersion = metadata.ResourceVersion ?? "",
            IsHeadless = headless,
            IPs = addresses,
            Ports = ports,
        };
    }
}
