using System.Text.Json.Nodes;
using ClusterDns.Conformance.Running;
using Xunit;

namespace ClusterDns.Conformance.Suite;

/// <summary>What of the metrics is compared.</summary>
public sealed class MetricsSnapshotTests
{
    private const string Recorded = """
        {"families":{"coredns_a_total":{"labels":["server","zone"],"type":"counter"},
                     "coredns_b_seconds":{"labels":["le"],"type":"histogram"}},
         "values":{"coredns_a_total{server=\"dns://:PORT\",zone=\".\"}":2,"coredns_b_seconds_count{}":3}}
        """;

    private readonly ScenarioEnvironment _environment = new("kubeconfig");

    [Theory]
    [InlineData("2", "zone", 0)]
    [InlineData("4", "zone", 1)]
    [InlineData("2", "view", 3)]
    public void Differences_name_families_labels_and_values_that_are_not_as_recorded(string count, string label, int differences)
    {
        string text = $$"""
            # HELP coredns_a_total Words.
            # TYPE coredns_a_total counter
            coredns_a_total{server="dns://:{{_environment.Port("PORT")}}",{{label}}="."} {{count}}
            # TYPE coredns_b_seconds histogram
            coredns_b_seconds_bucket{le="0.1"} 1
            coredns_b_seconds_sum 17.5
            coredns_b_seconds_count 3
            # TYPE go_info gauge
            go_info{version="x"} 1
            """;

        IEnumerable<string> found = MetricsSnapshot.Parse(text, _environment).Differences((JsonObject)JsonNode.Parse(Recorded)!);

        Assert.Equal(differences, found.Count());
    }
}
