using ClusterDns.Conformance.Cases;
using ClusterDns.Conformance.Deviations;
using ClusterDns.Conformance.Running;

namespace ClusterDns.Conformance.Suite;

/// <summary>All scenarios of the suite, started together and run a few at a time: most of their time is waiting.</summary>
internal static class ScenarioRuns
{
    private const int AtOnce = 3;

    private static readonly SemaphoreSlim Turns = new(AtOnce);

    private static readonly Lazy<Dictionary<string, Task<ScenarioResult>>> Started =
        new(static () => ScenarioList.InSuite.ToDictionary(static n => n, RunAsync));

    public static Task<ScenarioResult> ResultAsync(string name) => Started.Value[name];

    private static async Task<ScenarioResult> RunAsync(string name)
    {
        await Turns.WaitAsync();
        try
        {
            RecordingsFolder recordings = RecordingsFolder.Own;
            return await new ScenarioRun(recordings.Read(name), recordings, DeviationTable.Own, ServerPath.Default).RunAsync();
        }
        finally
        {
            Turns.Release();
        }
    }
}
