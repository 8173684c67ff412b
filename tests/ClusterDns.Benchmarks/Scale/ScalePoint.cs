using ClusterDns.Benchmarks.Cluster;

namespace ClusterDns.Benchmarks.Scale;

/// <summary>What one size of a cluster costs.</summary>
/// <param name="Query">Processor microseconds.</param>
/// <param name="Change">Processor microseconds for a slice of ten endpoints one of which moved.</param>
/// <param name="Manifests">Milliseconds to the first answer from a folder.</param>
/// <param name="Api">Milliseconds to the first answer from the API server's double.</param>
/// <param name="Idle">Resident megabytes some seconds after the start.</param>
/// <param name="Most">Resident megabytes at most until then.</param>
internal sealed record ScalePoint(int Services, double Query, double Change, double Manifests, double Api, double Idle, double Most)
{
    /// <summary>Megabytes that a cluster of this size may take: 40 and one for 4,000 Services and endpoints.</summary>
    public double Allowed => 40 + ((Services + (Services / 10) + (Services / 10 * ClusterFiles.EndpointsEach)) / 4000.0);
}
