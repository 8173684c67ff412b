using System.Globalization;
using ClusterDns.Testing.Simulation;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Kubernetes;

/// <summary>
/// Random histories of a cluster, its API server and two replicas. CLUSTERDNS_HISTORY_SEEDS says how many,
/// CLUSTERDNS_HISTORY_SEED runs one alone.
/// </summary>
public sealed class HistoryTests(ITestOutputHelper output)
{
    private const string SeedsVariable = "CLUSTERDNS_HISTORY_SEEDS";
    private const string SeedVariable = "CLUSTERDNS_HISTORY_SEED";
    private const int Seeds = 1000;

    [Fact]
    public void Every_answer_was_true_at_a_time_within_the_bound()
    {
        var only = Number(SeedVariable);
        var (first, count) = only is { } seed ? (seed, 1) : (1, Number(SeedsVariable) ?? Seeds);
        var answers = 0;
        for (var number = first; number < first + count; number++)
        {
            var (fault, simulation) = Run(number, losesEvents: false);
            answers += simulation.Answers;
            Assert.True(fault is null, Describe(number, fault, simulation));
        }

        output.WriteLine($"{count} seeds, {answers} answers");
    }

    [Fact]
    public void One_seed_is_one_history()
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            Assert.Equal(Run(seed, losesEvents: false).Simulation.Log, Run(seed, losesEvents: false).Simulation.Log);
        }
    }

    [Fact]
    public void What_is_wrong_is_found_out() =>
        Assert.Contains(Enumerable.Range(1, 100), static seed => Run(seed, losesEvents: true, audit: TimeSpan.Zero).Fault is not null);

    [Fact]
    public void What_the_API_server_kept_back_is_found_by_the_audit_and_by_nothing_else()
    {
        var without = 0;
        for (var seed = 1; seed <= 100; seed++)
        {
            without += Run(seed, losesEvents: true, audit: TimeSpan.Zero, checksTheEndAlone: true).Fault is null ? 0 : 1;
            var (fault, simulation) = Run(seed, losesEvents: true, audit: TimeSpan.FromMinutes(2), checksTheEndAlone: true);
            Assert.True(fault is null, Describe(seed, fault, simulation));
        }

        Assert.NotEqual(0, without);
    }

    private static (string? Fault, ClusterSimulation Simulation) Run(
        int seed, bool losesEvents, TimeSpan? audit = null, bool checksTheEndAlone = false)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 8, 1, 0, 0, 0, TimeSpan.Zero));
        var simulation = new ClusterSimulation(seed, time, time.Advance)
        {
            LosesEvents = losesEvents,
            Audit = audit ?? TimeSpan.FromMinutes(2),
            ChecksTheEndAlone = checksTheEndAlone,
        };

        // Tests have a context of their own, which would take what is awaited away.
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return (simulation.Run(), simulation);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private static string Describe(int seed, string? fault, ClusterSimulation simulation) =>
        $"seed {seed}: {fault}\nto repeat: {SeedVariable}={seed} ClusterDns.UnitTests --filter-class '*{nameof(HistoryTests)}'\n"
        + string.Join('\n', simulation.Log.TakeLast(60));

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
