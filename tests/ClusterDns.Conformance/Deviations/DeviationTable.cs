using ClusterDns.Conformance.Cases;

namespace ClusterDns.Conformance.Deviations;

/// <summary>The project's deviations from the recordings, of <c>deviations.jsonl</c>.</summary>
internal sealed class DeviationTable(IReadOnlyList<Deviation> all)
{
    public static DeviationTable Own { get; } = Read(Path.Combine(AppContext.BaseDirectory, "deviations.jsonl"));

    public IReadOnlyList<Deviation> All { get; } = all;

    public static DeviationTable Read(string path) =>
        new([.. File.ReadLines(path).Where(static l => l.Length > 0).Select(Deviation.Parse)]);

    public Deviation? For(string scenario, ConformanceCase c) =>
        All.FirstOrDefault(d => d.AppliesTo(scenario) && d.AppliesTo(c));
}
