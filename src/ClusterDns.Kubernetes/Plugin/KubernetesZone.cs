using ClusterDns.Protocol.Names;

namespace ClusterDns.Kubernetes.Plugin;

/// <summary>One zone of the directive and where its names are looked up.</summary>
internal sealed class KubernetesZone(DnsName name, ClusterLookup lookup)
{
    /// <summary>Lower-cased.</summary>
    public DnsName Name { get; } = name;

    public int Length { get; } = name.Wire.Length;

    public int Labels { get; } = name.LabelCount;

    public ClusterLookup Lookup { get; } = lookup;

    /// <summary>The zone's part of a name that lies in it, in the case the name has there.</summary>
    public ReadOnlySpan<byte> PartOf(NameSpan name) => name.Wire[^Length..];

    public void Find(NameSpan name, out ClusterMatch match) => Lookup.Find(name, Length, Labels, out match);
}
