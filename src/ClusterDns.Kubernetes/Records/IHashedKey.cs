namespace ClusterDns.Kubernetes.Records;

/// <summary>A key that knows its hash and is small enough to be copied.</summary>
internal interface IHashedKey
{
    ulong Hash { get; }
}
