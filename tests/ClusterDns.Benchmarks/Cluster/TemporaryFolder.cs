namespace ClusterDns.Benchmarks.Cluster;

/// <summary>A folder for one run, gone afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("clusterdns-bench-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
