using Xunit;

namespace ClusterDns.Conformance.Suite;

/// <summary>The two lists of scenarios: those of the suite, and those whose directives come later.</summary>
public static class ScenarioList
{
    public static IReadOnlyList<string> InSuite { get; } = Read("scenarios.txt");

    public static IReadOnlyList<string> Later { get; } = Read("later.txt");

    public static TheoryData<string> Data => [.. InSuite];

    private static List<string> Read(string file) =>
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, file)).Select(static l => l.Split('#')[0].Trim())
            .Where(static l => l.Length > 0)];
}
