using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ClusterDns.Conformance.Cases;

namespace ClusterDns.Conformance.Deviations;

/// <summary>A case where a standard outranks the recording: what is asked, what we answer instead, and why.</summary>
/// <param name="Scenario">The scenario; <c>kubernetes/*</c> stands for all of a kind.</param>
/// <param name="Case">The case without its reply, exactly.</param>
/// <param name="Differs">What differs, in one sentence.</param>
/// <param name="Section">The section that says so.</param>
/// <param name="Reply">Our reply.</param>
internal sealed partial record Deviation(string Scenario, JsonObject Case, string Differs, string Section, JsonObject Reply)
{
    public bool HasSection => SectionForm().IsMatch(Section);

    public static Deviation Parse(string line)
    {
        JsonObject json = (JsonObject)JsonNode.Parse(line)!; // A line is an object.
        return new Deviation(
            $"{json["scenario"]}",
            json["case"] as JsonObject ?? [],
            $"{json["differs"]}",
            $"{json["section"]}",
            json["reply"] as JsonObject ?? []);
    }

    public string ToLine() => new JsonObject
    {
        ["scenario"] = Scenario,
        ["case"] = Case.DeepClone(),
        ["differs"] = Differs,
        ["section"] = Section,
        ["reply"] = Reply.DeepClone(),
    }.ToJsonString(Comparing.Agreement.Readable);

    public bool AppliesTo(string scenario) =>
        Scenario == scenario
        || (Scenario.EndsWith("/*", StringComparison.Ordinal) && scenario.StartsWith(Scenario[..^1], StringComparison.Ordinal));

    public bool AppliesTo(ConformanceCase c) => JsonNode.DeepEquals(Case, c.Identity());

    [GeneratedRegex(@"^(RFC \d{3,5}|Kubernetes DNS spec) §\d")]
    private static partial Regex SectionForm();
}
