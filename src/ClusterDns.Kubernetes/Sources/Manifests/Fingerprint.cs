using System.Globalization;
using ClusterDns.Kubernetes.Objects;

namespace ClusterDns.Kubernetes.Sources.Manifests;

/// <summary>Stands in for the version that manifests lack: equal for objects that say the same.</summary>
internal struct Fingerprint()
{
    private ulong _hash = 14695981039346656037;

    public static string Of(ClusterObject item)
    {
        Fingerprint print = new();
        switch (item)
        {
            case Service service:
                print.Add((int)service.Type);
                print.Add(service.ClusterIPs);
                print.Add(service.ExternalName);
                print.Add(service.ExternalIPs);
                print.Add(service.Ports);
                Array.ForEach(service.Ingress, one =>
                {
                    print.Add(one.IP);
                    print.Add(one.Hostname);
                });
                break;
            case EndpointSlice slice:
                print.Add(slice.ServiceName);
                print.Add(slice.MulticlusterServiceName);
                print.Add(slice.SourceCluster);
                print.Add((int)slice.AddressType);
                print.Add(slice.TriggerTime?.ToUnixTimeMilliseconds() ?? 0);
                print.Add(slice.Ports);
                Array.ForEach(slice.Endpoints, one => print.Add(one));
                break;
            case Namespace space:
                print.Add(space.Labels);
                break;
            case Pod pod:
                print.Add(pod.PodIP);
                print.Add(pod.Terminating ? 1 : 0);
                print.Add(pod.Labels);
                break;
            case ServiceImport import:
                print.Add(import.IsHeadless ? 1 : 0);
                print.Add(import.IPs);
                print.Add(import.Ports);
                break;
        }

        // A number as the API's versions are, which objects keep without its text.
        return Math.Max(print._hash, 1).ToString(CultureInfo.InvariantCulture);
    }

    private void Add(Endpoint endpoint)
    {
        Add(endpoint.Addresses);
        Add(endpoint.Hostname);
        Add(endpoint.Ready ? 1 : 0);
        Add(endpoint.Zone);
        Add(endpoint.NodeName);
        Add(endpoint.TargetKind);
        Add(endpoint.TargetName);
    }

    private void Add(ServicePort[] ports)
    {
        Add(ports.Length);
        foreach (ServicePort port in ports)
        {
            Add(port.Name);
            Add(port.Protocol);
            Add(port.Port);
        }
    }

    private void Add(LabelSet labels)
    {
        foreach ((string key, string value) in labels.Pairs)
        {
            Add(key);
            Add(value);
        }
    }

    private void Add(string[] texts)
    {
        Add(texts.Length);
        foreach (string text in texts)
        {
            Add(text);
        }
    }

    private void Add(string? text)
    {
        Add(text?.Length ?? -1);
        foreach (char c in text ?? "")
        {
            Mix(c);
        }
    }

    private void Add(long number)
    {
        Mix((ushort)number);
        Mix((ushort)(number >> 16));
        Mix((ushort)(number >> 32));
        Mix((ushort)(number >> 48));
    }

    private void Mix(ushort unit) => _hash = (_hash ^ unit) * 1099511628211;
}
