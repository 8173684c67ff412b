using ClusterDns.Conformance.Cases;
using ClusterDns.Conformance.Comparing;
using ClusterDns.Conformance.Deviations;
using Xunit;

namespace ClusterDns.Conformance.Suite;

/// <summary>A deviation stands for a case that exists and names the section that asks for it.</summary>
public sealed class DeviationTests
{
    [Fact]
    public void Deviations_name_a_section_and_say_what_differs()
    {
        Assert.All(DeviationTable.Own.All, static deviation =>
        {
            Assert.True(deviation.HasSection, $"no section: {deviation.ToLine()}");
            Assert.False(string.IsNullOrWhiteSpace(deviation.Differs), $"no sentence: {deviation.ToLine()}");
        });
    }

    [Fact]
    public void Deviations_are_used_by_a_recorded_case_that_says_otherwise()
    {
        List<Scenario> scenarios = [.. RecordingsFolder.Own.Scenarios().Select(RecordingsFolder.Own.Read)];

        Assert.All(DeviationTable.Own.All, deviation => Assert.True(
            scenarios.Where(s => deviation.AppliesTo(s.Name)).Any(s => s.Cases.Any(c => Contradicts(s, c, deviation))),
            $"no case that was recorded otherwise: {deviation.ToLine()}"));
    }

    // A deviation that says what the recording says would only hide that it is not one.
    private static bool Contradicts(Scenario scenario, ConformanceCase c, Deviation deviation) =>
        deviation.AppliesTo(c) && !Agreement.Holds(
            ReplyMasks.Apply(c.Reply, c, scenario.IsKubernetesKind),
            ReplyMasks.Apply(deviation.Reply, c, scenario.IsKubernetesKind),
            c);
}
