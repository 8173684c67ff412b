using ClusterDns.Kubernetes.Objects;
using Xunit;
using static ClusterDns.UnitTests.Kubernetes.Records.TestCluster;

namespace ClusterDns.UnitTests.Kubernetes.Plugin;

/// <summary>Answers while the cluster changes: each is of one state, the one before or the one after.</summary>
public sealed class ReadersBesideAWriterTests
{
    [Theory]
    [InlineData("db.data.svc.cluster.local A")]
    [InlineData("db.data.svc.cluster.local SRV")]
    [InlineData("1.0.0.10.in-addr.arpa PTR")]
    [InlineData("x.db.data.svc.cluster.local A")]
    public async Task An_answer_is_of_one_state(string question)
    {
        EndpointSlice[] states =
        [
            Slice("data", "db", "db-a", "x@10.0.0.1 y@10.0.0.2"),
            Slice("data", "db", "db-a", "z@10.0.0.1 x@10.0.0.3 w@10.0.0.4"),
        ];
        var harness = new ClusterHarness().With(Namespace("data"), Service("data", "db", "None"), states[0]);
        var first = harness.Ask(question);
        harness.Put(states[0], states[1]);
        string[] expected = [first, harness.Ask(question)];
        using var ending = new CancellationTokenSource();
        var writer = Task.Run(
            () =>
            {
                for (var change = 1; !ending.IsCancellationRequested; change++)
                {
                    harness.Put(states[change % 2], states[(change + 1) % 2]);

                    // Others come and go beside it, so that tables grow, shrink and are built anew.
                    var other = Service("data", $"other-{change % 500}", $"10.97.0.{change % 250}");
                    harness.With(other);
                    harness.Delete(other);
                }
            },
            TestContext.Current.CancellationToken);

        HashSet<string> seen = [];
        for (var ask = 0; ask < 20_000 || (seen.Count < 2 && ask < 10_000_000); ask++)
        {
            seen.Add(harness.Ask(question));
        }

        await ending.CancelAsync();
        await writer;
        Assert.Equal(expected.ToHashSet(), seen);
    }
}
