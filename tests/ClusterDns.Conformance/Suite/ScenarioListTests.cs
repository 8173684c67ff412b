using ClusterDns.Conformance.Cases;
using Xunit;

namespace ClusterDns.Conformance.Suite;

/// <summary>No recorded scenario is forgotten.</summary>
public sealed class ScenarioListTests
{
    [Fact]
    public void Lists_name_every_recorded_scenario_once()
    {
        IEnumerable<string> listed = ScenarioList.InSuite.Concat(ScenarioList.Later).Order(StringComparer.Ordinal);

        Assert.Equal(RecordingsFolder.Own.Scenarios(), listed);
    }
}
