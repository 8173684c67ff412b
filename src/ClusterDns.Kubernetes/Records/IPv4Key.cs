namespace ClusterDns.Kubernetes.Records;

/// <summary>An IPv4 address in an <see cref="AddressTable{TKey}"/>.</summary>
internal readonly record struct IPv4Key(uint Number) : IHashedKey
{
    public ulong Hash => AddressKey.Of(Number).Hash;
}
