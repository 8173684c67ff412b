using System.Text.Json;
using ClusterDns.Kubernetes.Objects;

namespace ClusterDns.Kubernetes.Sources.Json;

/// <summary>Reads an EndpointSlice (discovery.k8s.io/v1).</summary>
internal static class EndpointSliceJson
{
    public static EndpointSlice Read(ref Utf8JsonReader reader, TextPool pool)
    {
        JsonValue.ExpectObject(ref reader);
        ObjectMetadata metadata = default;
        AddressType addressType = AddressType.Other;
        Endpoint[] endpoints = [];
        ServicePort[] ports = [];
        while (JsonValue.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("metadata"u8))
            {
                metadata = ObjectMetadata.Read(ref reader, pool);
            }
            else if (reader.ValueTextEquals("addressType"u8))
            {
                addressType = JsonValue.Text(ref reader, pool) switch
                {
                    "IPv4" => AddressType.IPv4,
                    "IPv6" => AddressType.IPv6,
                    _ => AddressType.Other,
                };
            }
            else if (reader.ValueTextEquals("endpoints"u8))
            {
                endpoints = ReadEndpoints(ref reader, pool);
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

        return new EndpointSlice
        {
            Name = metadata.RequireName(),
            Namespace = metadata.RequireNamespace(),
            ResourceVersion = metadata.ResourceVersion ?? "",
            ChangedAt = metadata.ChangedAt,
            ServiceName = metadata.ServiceName,
            MulticlusterServiceName = metadata.MulticlusterServiceName,
            SourceCluster = metadata.SourceCluster,
            TriggerTime = metadata.TriggerTime,
            AddressType = addressType,
            Endpoints = endpoints,
            Ports = ports,
        };
    }

    private static Endpoint[] ReadEndpoints(ref Utf8JsonReader reader, TextPool pool)
    {
        List<Endpoint>? endpoints = null;
        if (JsonValue.BeginArray(ref reader))
        {
            while (JsonValue.NextElement(ref reader))
            {
                (endpoints ??= []).Add(ReadEndpoint(ref reader, pool));
            }
        }

        return endpoints is null ? [] : [.. endpoints];
    }

    private static Endpoint ReadEndpoint(ref Utf8JsonReader reader, TextPool pool)
    {
        JsonValue.ExpectObject(ref reader);
        string[] addresses = [];
        string? hostname = null, zone = null, node = null, targetKind = null, targetName = null;
        bool ready = true;
        while (JsonValue.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("addresses"u8))
            {
                addresses = JsonValue.Texts(ref reader);
            }
            else if (reader.ValueTextEquals("conditions"u8))
            {
                ready = ReadReady(ref reader);
            }
            else if (reader.ValueTextEquals("hostname"u8))
            {
                hostname = JsonValue.Text(ref reader);
            }
            else if (reader.ValueTextEquals("zone"u8))
            {
                zone = JsonValue.Text(ref reader, pool);
            }
            else if (reader.ValueTextEquals("nodeName"u8))
            {
                node = JsonValue.Text(ref reader, pool);
            }
            else if (reader.ValueTextEquals("targetRef"u8))
            {
                (targetKind, targetName) = ReadTarget(ref reader, pool);
            }
            else
            {
                JsonValue.Skip(ref reader);
            }
        }

        return new Endpoint
        {
            Addresses = addresses,
            Hostname = hostname,
            Ready = ready,
            Zone = zone,
            NodeName = node,
            TargetKind = targetKind,
            TargetName = targetName,
        };
    }

    private static bool ReadReady(ref Utf8JsonReader reader)
    {
        bool ready = true;
        if (JsonValue.BeginObject(ref reader))
        {
            while (JsonValue.NextMember(ref reader))
            {
                if (reader.ValueTextEquals("ready"u8))
                {
                    ready = JsonValue.Boolean(ref reader) ?? true;
                }
                else
                {
                    JsonValue.Skip(ref reader);
                }
            }
        }

        return ready;
    }

    private static (string? Kind, string? Name) ReadTarget(ref Utf8JsonReader reader, TextPool pool)
    {
        string? kind = null, name = null;
        if (JsonValue.BeginObject(ref reader))
        {
            while (JsonValue.NextMember(ref reader))
            {
                if (reader.ValueTextEquals("kind"u8))
                {
                    kind = JsonValue.Text(ref reader, pool);
                }
                else if (reader.ValueTextEquals("name"u8))
                {
                    name = JsonValue.Text(ref reader);
                }
                else
                {
                    JsonValue.Skip(ref reader);
                }
            }
        }

        return (kind, name);
    }
}
