using ClusterDns.Conformance.Running;
using Xunit;

namespace ClusterDns.Conformance.Suite;

/// <summary>The server against the recordings.</summary>
public sealed class ScenarioTests
{
    private const int Shown = 20;

    [Theory]
    [MemberData(nameof(ScenarioList.Data), MemberType = typeof(ScenarioList))]
    public async Task Replies_agree_with_the_recording_when_the_scenario_runs(string scenario)
    {
        ScenarioResult result = await ScenarioRuns.ResultAsync(scenario);

        Assert.True(result.Succeeded, result.Report(Shown));
    }
}
