namespace ClusterDns.Kubernetes.Records;

/// <summary>An IPv6 address in an <see cref="AddressTable{TKey}"/>.</summary>
internal readonly record struct IPv6Key(UInt128 Number) : IHashedKey
{
    public ulong Hash => AddressKey.HashOf(Number);
}
