using System.Text.Json;
using ClusterDns.Kubernetes.Objects;

namespace ClusterDns.Kubernetes.Sources.Json;

/// <summary>The spec of a Service while it is being read; what was not there is null.</summary>
internal struct ServiceSpec
{
    public ServiceType Type;
    public bool HasSelector;
    public string? ClusterIP;
    public string[]? ClusterIPs;
    public string? ExternalName;
    public string[]? ExternalIPs;
    public ServicePort[]? Ports;

    /// <summary>Reads the value of the member the reader stands on.</summary>
    public void Read(ref Utf8JsonReader reader, TextPool pool)
    {
        if (!JsonValue.BeginObject(ref reader))
        {
            return;
        }

        while (JsonValue.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("type"u8))
            {
                Type = TypeFrom(JsonValue.Text(ref reader, pool));
            }
            else if (reader.ValueTextEquals("clusterIP"u8))
            {
                ClusterIP = JsonValue.Text(ref reader);
            }
            else if (reader.ValueTextEquals("clusterIPs"u8))
            {
                ClusterIPs = JsonValue.Texts(ref reader);
            }
            else if (reader.ValueTextEquals("selector"u8))
            {
                HasSelector = HasMembers(ref reader);
            }
            else if (reader.ValueTextEquals("externalName"u8))
            {
                ExternalName = JsonValue.Text(ref reader);
            }
            else if (reader.ValueTextEquals("externalIPs"u8))
            {
                ExternalIPs = JsonValue.Texts(ref reader);
            }
            else if (reader.ValueTextEquals("ports"u8))
            {
                Ports = PortJson.Read(ref reader, pool);
            }
            else
            {
                JsonValue.Skip(ref reader);
            }
        }
    }

    private static bool HasMembers(ref Utf8JsonReader reader)
    {
        bool any = false;
        if (JsonValue.BeginObject(ref reader))
        {
            while (JsonValue.NextMember(ref reader))
            {
                any = true;
                JsonValue.Skip(ref reader);
            }
        }

        return any;
    }

    // A type of the future is a ClusterIP with something more, as the known ones are.
    private static ServiceType TypeFrom(string? text) => text switch
    {
        "NodePort" => ServiceType.NodePort,
        "LoadBalancer" => ServiceType.LoadBalancer,
        "ExternalName" => ServiceType.ExternalName,
        _ => ServiceType.ClusterIP,
    };
}
