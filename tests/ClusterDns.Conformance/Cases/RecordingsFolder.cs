namespace ClusterDns.Conformance.Cases;

/// <summary>A folder of recordings: <c>kubernetes/</c>, <c>plugins/</c> and the cluster and upstream zone they share.</summary>
internal sealed class RecordingsFolder(string path)
{
    private static readonly string[] Kinds = ["kubernetes", "plugins"];

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    public string Cluster => Shared("cluster.yaml");

    public string UpstreamZone => Shared("upstream.zone");

    public string Corefiles => System.IO.Path.Combine(Path, "plugins", "corefiles");

    /// <summary>The recordings that the project carries, copied beside the test assembly.</summary>
    public static RecordingsFolder Own { get; } = new(System.IO.Path.Combine(AppContext.BaseDirectory, "Recordings"));

    /// <summary>The scenarios by name, e.g. <c>plugins/whoami</c>.</summary>
    public IEnumerable<string> Scenarios() =>
        Kinds.Select(k => System.IO.Path.Combine(Path, k)).Where(Directory.Exists).SelectMany(Directory.EnumerateDirectories)
            .Where(static d => File.Exists(System.IO.Path.Combine(d, "cases.jsonl")))
            .Select(d => System.IO.Path.GetRelativePath(Path, d)).Order(StringComparer.Ordinal);

    public Scenario Read(string name) => Scenario.Read(System.IO.Path.Combine(Path, name));

    // Recordings kept elsewhere may come without the files that all of them share.
    private string Shared(string name) =>
        System.IO.Path.Combine(Path, name) is var own && File.Exists(own)
            ? own
            : System.IO.Path.Combine(AppContext.BaseDirectory, "Recordings", name);
}
