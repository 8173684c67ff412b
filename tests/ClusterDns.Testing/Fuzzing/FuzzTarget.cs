namespace ClusterDns.Testing.Fuzzing;

/// <summary>
/// One way for octets to come in from outside. Running it ends quietly for every input that is taken or refused in the documented
/// way; any other exception is a finding.
/// </summary>
/// <param name="Name">Also the folder of its corpus.</param>
/// <param name="Run">Must not keep the octets.</param>
public sealed record FuzzTarget(string Name, Action<byte[]> Run)
{
    /// <summary>Octets that are looked at; a message can have no more.</summary>
    public const int MaxInput = ushort.MaxValue;

    /// <summary>The targets, each with a corpus. Nothing of the product runs before the first input: AFL++ must be ready first.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("message", MessageTarget.Run),
        new("reply", ReplyTarget.Run),
        new("record", RecordTarget.Run),
        new("corefile", TextTargets.ReadCorefile),
        new("zonefile", TextTargets.ReadZoneFile),
        new("manifest", TextTargets.ReadManifests),
        new("watch", TextTargets.ReadWatchEvent),
        new("snapshot", SnapshotTarget.Run),
    ];

    /// <summary>The corpus committed with the tests: file name and octets.</summary>
    public IEnumerable<(string File, byte[] Octets)> Corpus() =>
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Fuzzing", "Corpus", Name))
            .Order(StringComparer.Ordinal)
            .Select(static file => (Path.GetFileName(file), File.ReadAllBytes(file)));
}
