namespace ClusterDns.Kubernetes.Snapshots;

/// <summary>Whose objects a snapshot holds and of when they are.</summary>
/// <param name="Identity">Digest of the cluster and of the options that decide what is kept; see <see cref="SnapshotIdentity"/>.</param>
/// <param name="AsOf">When the API server last confirmed the oldest part of it, not when the file was written.</param>
/// <param name="Versions">The collections' versions at that time, for people: <c>services=1203 endpointslices=1210</c>.</param>
internal sealed record SnapshotHeader(byte[] Identity, DateTimeOffset AsOf, string Versions);
