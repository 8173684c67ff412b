using ClusterDns.Protocol.Names;

namespace ClusterDns.Kubernetes.Records;

/// <summary>Borrowed lower-cased octets of one or more labels to search services or namespaces with.</summary>
internal readonly ref struct OctetKey(ReadOnlySpan<byte> octets) : ITableKey<ServiceEntry>, ITableKey<NamespaceEntry>
{
    private readonly ReadOnlySpan<byte> _octets = octets;

    public ulong Hash { get; } = NameHash.Compute64(octets);

    public bool Matches(ServiceEntry entry) => _octets.SequenceEqual(entry.Key);

    public bool Matches(NamespaceEntry entry) => _octets.SequenceEqual(entry.Label);
}
