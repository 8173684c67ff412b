using System.Text.Json;
using ClusterDns.Kubernetes.Objects;

namespace ClusterDns.Kubernetes.Sources.Json;

/// <summary>Reads the ports of Services, EndpointSlices and ServiceImports, which look alike.</summary>
internal static class PortJson
{
    /// <summary>Reads the array of the member the reader stands on.</summary>
    public static ServicePort[] Read(ref Utf8JsonReader reader, TextPool pool)
    {
        if (!JsonValue.BeginArray(ref reader) || !JsonValue.NextElement(ref reader))
        {
            return [];
        }

        ServicePort first = ReadOne(ref reader, pool);
        if (!JsonValue.NextElement(ref reader))
        {
            return pool.Get([first]);
        }

        List<ServicePort> ports = [first];
        do
        {
            ports.Add(ReadOne(ref reader, pool));
        }
        while (JsonValue.NextElement(ref reader));
        return pool.Get([.. ports]);
    }

    private static ServicePort ReadOne(ref Utf8JsonReader reader, TextPool pool)
    {
        JsonValue.ExpectObject(ref reader);
        string name = "";
        string protocol = "TCP"; // what the API fills in
        ushort port = 0;
        while (JsonValue.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("name"u8))
            {
                name = JsonValue.Text(ref reader, pool) ?? "";
            }
            else if (reader.ValueTextEquals("protocol"u8))
            {
                protocol = JsonValue.Text(ref reader, pool) ?? "TCP";
            }
            else if (reader.ValueTextEquals("port"u8))
            {
                port = JsonValue.Port(ref reader);
            }
            else
            {
                JsonValue.Skip(ref reader);
            }
        }

        return new ServicePort(name, protocol, port);
    }
}
