using System.Text;
using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Records;

namespace ClusterDns.Kubernetes.Snapshots;

/// <summary>Reads objects as <see cref="ObjectFrames"/> writes them. Of a damaged frame any object may come: ask the frame.</summary>
internal static class FrameObjects
{
    private const int LongestAddress = 39;

    public static Namespace ReadNamespace(ref FrameReader frame) => new() { Namespace = "", Name = frame.Text() };

    public static Service ReadService(ref FrameReader frame) => new()
    {
        Namespace = frame.Pooled(),
        Name = frame.Text(),
        Type = (ServiceType)frame.Byte(),
        ClusterIPs = ReadTexts(ref frame),
        ExternalName = frame.TextOrNull(),
        ExternalIPs = ReadTexts(ref frame),
        Ingress = ReadIngress(ref frame),
        Ports = ReadPorts(ref frame),
    };

    /// <param name="isImported">The slice belongs to a Service of the cluster set.</param>
    public static EndpointSlice ReadSlice(ref FrameReader frame, bool isImported)
    {
        var space = frame.Pooled();
        var service = frame.Text();
        var name = frame.Text();
        var addressLength = frame.Byte();
        var hasCluster = frame.Byte() != 0;
        var cluster = frame.Pooled();
        return new EndpointSlice
        {
            Namespace = space,
            Name = name,
            ServiceName = isImported ? null : service,
            MulticlusterServiceName = isImported ? service : null,
            SourceCluster = hasCluster ? cluster : null,
            AddressType = addressLength switch { 4 => AddressType.IPv4, 16 => AddressType.IPv6, _ => AddressType.Other },
            Ports = ReadPorts(ref frame),
            Endpoints = ReadEndpoints(ref frame, addressLength),
        };
    }

    public static Pod ReadPod(ref FrameReader frame) => new()
    {
        Namespace = frame.Pooled(),
        Name = frame.Text(),
        PodIP = frame.TextOrNull(),
        Labels = new LabelSet(ReadLabels(ref frame)),
    };

    private static Endpoint[] ReadEndpoints(ref FrameReader frame, int addressLength)
    {
        if (addressLength is not (4 or 16))
        {
            // A slice of names has no endpoints with addresses.
            return frame.Count(1) == 0 ? [] : Damage(ref frame);
        }

        var endpoints = new Endpoint[frame.Count(addressLength + 2)];
        Span<byte> text = stackalloc byte[LongestAddress];
        Span<byte> asAddress = stackalloc byte[64];
        for (var index = 0; index < endpoints.Length && !frame.IsDamaged; index++)
        {
            var octets = frame.Octets(addressLength);
            var label = frame.Sized();
            var zone = frame.Sized();
            if (frame.IsDamaged)
            {
                break;
            }

            var address = Encoding.ASCII.GetString(text[..AddressText.Format(octets, text)]);
            var plain = EndpointLabel.Write(new Endpoint(), address, podNames: false, asAddress, out _);
            endpoints[index] = new Endpoint
            {
                Addresses = [address],
                Hostname = label.SequenceEqual(asAddress[1..plain]) ? null : Encoding.UTF8.GetString(label),
                Zone = zone.IsEmpty ? null : ReadZone(zone),
            };
        }

        return frame.IsDamaged ? [] : endpoints;
    }

    private static Endpoint[] Damage(ref FrameReader frame)
    {
        _ = frame.Octets(int.MaxValue);
        return [];
    }

    // Labels in wire form, without the root's.
    private static string ReadZone(ReadOnlySpan<byte> labels)
    {
        var zone = new StringBuilder();
        while (!labels.IsEmpty && labels[0] < labels.Length)
        {
            zone.Append(zone.Length > 0 ? "." : "").Append(Encoding.UTF8.GetString(labels.Slice(1, labels[0])));
            labels = labels[(labels[0] + 1)..];
        }

        return zone.ToString();
    }

    private static string[] ReadTexts(ref FrameReader frame)
    {
        var texts = new string[frame.Count(1)];
        for (var index = 0; index < texts.Length; index++)
        {
            texts[index] = frame.Text();
        }

        return texts;
    }

    private static LoadBalancerIngress[] ReadIngress(ref FrameReader frame)
    {
        var ingress = new LoadBalancerIngress[frame.Count(2)];
        for (var index = 0; index < ingress.Length; index++)
        {
            ingress[index] = new LoadBalancerIngress(frame.TextOrNull(), frame.TextOrNull());
        }

        return ingress;
    }

    private static ServicePort[] ReadPorts(ref FrameReader frame)
    {
        var ports = new ServicePort[frame.Count(4)];
        for (var index = 0; index < ports.Length; index++)
        {
            ports[index] = new ServicePort(frame.Pooled(), frame.Pooled(), frame.UInt16());
        }

        return ports;
    }

    private static KeyValuePair<string, string>[] ReadLabels(ref FrameReader frame)
    {
        var labels = new KeyValuePair<string, string>[frame.Count(2)];
        for (var index = 0; index < labels.Length; index++)
        {
            labels[index] = KeyValuePair.Create(frame.Pooled(), frame.Text());
        }

        return labels;
    }
}
