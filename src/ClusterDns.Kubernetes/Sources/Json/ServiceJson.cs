using System.Text.Json;
using ClusterDns.Kubernetes.Objects;

namespace ClusterDns.Kubernetes.Sources.Json;

/// <summary>Reads a Service (v1).</summary>
internal static class ServiceJson
{
    public static Service Read(ref Utf8JsonReader reader, TextPool pool)
    {
        JsonValue.ExpectObject(ref reader);
        ObjectMetadata metadata = default;
        ServiceSpec spec = new();
        LoadBalancerIngress[] ingress = [];
        while (JsonValue.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("metadata"u8))
            {
                metadata = ObjectMetadata.Read(ref reader, pool);
            }
            else if (reader.ValueTextEquals("spec"u8))
            {
                spec.Read(ref reader, pool);
            }
            else if (reader.ValueTextEquals("status"u8))
            {
                ingress = ReadStatus(ref reader);
            }
            else
            {
                JsonValue.Skip(ref reader);
            }
        }

        return new Service
        {
            Name = metadata.RequireName(),
            Namespace = metadata.RequireNamespace(),
            ResourceVersion = metadata.ResourceVersion ?? "",
            ChangedAt = metadata.ChangedAt,
            Type = spec.Type,
            HasSelector = spec.HasSelector,
            ClusterIPs = spec.ClusterIPs is { Length: > 0 } all ? all : spec.ClusterIP is { } one ? [one] : [],
            ExternalName = spec.ExternalName,
            ExternalIPs = spec.ExternalIPs ?? [],
            Ingress = ingress,
            Ports = spec.Ports ?? [],
        };
    }

    private static LoadBalancerIngress[] ReadStatus(ref Utf8JsonReader reader)
    {
        List<LoadBalancerIngress>? ingress = null;
        if (!JsonValue.BeginObject(ref reader))
        {
            return [];
        }

        while (JsonValue.NextMember(ref reader))
        {
            if (!reader.ValueTextEquals("loadBalancer"u8))
            {
                JsonValue.Skip(ref reader);
            }
            else if (JsonValue.BeginObject(ref reader))
            {
                while (JsonValue.NextMember(ref reader))
                {
                    if (!reader.ValueTextEquals("ingress"u8))
                    {
                        JsonValue.Skip(ref reader);
                    }
                    else if (JsonValue.BeginArray(ref reader))
                    {
                        while (JsonValue.NextElement(ref reader))
                        {
                            (ingress ??= []).Add(ReadIngress(ref reader));
                        }
                    }
                }
            }
        }

        return ingress is null ? [] : [.. ingress];
    }

    private static LoadBalancerIngress ReadIngress(ref Utf8JsonReader reader)
    {
        JsonValue.ExpectObject(ref reader);
        string? ip = null;
        string? hostname = null;
        while (JsonValue.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("ip"u8))
            {
                ip = JsonValue.Text(ref reader);
            }
            else if (reader.ValueTextEquals("hostname"u8))
            {
                hostname = JsonValue.Text(ref reader);
            }
            else
            {
                JsonValue.Skip(ref reader);
            }
        }

        return new LoadBalancerIngress(ip, hostname);
    }
}
