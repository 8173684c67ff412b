using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Records;

namespace ClusterDns.Kubernetes.Snapshots;

/// <summary>Writes the fields of objects; <see cref="FrameObjects"/> reads them in the same order.</summary>
internal static class ObjectFrames
{
    public static void Write(FrameWriter frame, NamespaceEntry space) => frame.Sized(space.Label);

    public static void Write(FrameWriter frame, Service service)
    {
        frame.Text(service.Namespace);
        frame.Text(service.Name);
        frame.Byte((byte)service.Type);
        Write(frame, service.ClusterIPs);
        frame.TextOrNull(service.ExternalName);
        Write(frame, service.ExternalIPs);
        frame.Short(service.Ingress.Length);
        foreach (var ingress in service.Ingress)
        {
            frame.TextOrNull(ingress.IP);
            frame.TextOrNull(ingress.Hostname);
        }

        frame.Short(service.Ports.Length);
        foreach (var port in service.Ports)
        {
            frame.Text(port.Name);
            frame.Text(port.Protocol);
            frame.UInt16(port.Port);
        }
    }

    /// <summary>A slice as its records have it: ready endpoints alone, which is all that is answered from.</summary>
    public static void Write(FrameWriter frame, SliceRecords slice)
    {
        frame.Sized(slice.Service.Namespace.Label);
        frame.Sized(slice.Service.Key.AsSpan(1, slice.Service.Key[0]));
        frame.Text(slice.Name);
        frame.Byte((byte)slice.AddressLength);
        frame.Byte(slice.Cluster is null ? (byte)0 : (byte)1);
        frame.Sized(slice.Cluster);
        WritePorts(frame, slice.Ports);
        frame.Short(slice.Count);
        Span<byte> room = stackalloc byte[EndpointLabel.LongestIPv4];
        for (var index = 0; index < slice.Count; index++)
        {
            frame.Octets(slice.Address(index));
            frame.Octets(slice.Label(index, room));
            frame.Sized(slice.Zone(index));
        }
    }

    public static void Write(FrameWriter frame, Pod pod)
    {
        frame.Text(pod.Namespace);
        frame.Text(pod.Name);
        frame.TextOrNull(pod.PodIP);
        frame.Short(pod.Labels.Pairs.Length);
        foreach (var (key, value) in pod.Labels.Pairs)
        {
            frame.Text(key);
            frame.Text(value);
        }
    }

    private static void WritePorts(FrameWriter frame, PortRecord[] ports)
    {
        // The stand-in for "no ports" is made anew when the slice is.
        var count = ports is [{ Number: PortRecord.None }] ? 0 : ports.Length;
        frame.Short(count);
        for (var index = 0; index < count; index++)
        {
            frame.Sized(ports[index].Name);
            frame.Sized(ports[index].Protocol);
            frame.UInt16((ushort)ports[index].Number);
        }
    }

    private static void Write(FrameWriter frame, string[] texts)
    {
        frame.Short(texts.Length);
        foreach (var text in texts)
        {
            frame.Text(text);
        }
    }
}
