using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using ClusterDns.Conformance.Asking;
using ClusterDns.Conformance.Cases;
using ClusterDns.Conformance.Comparing;
using ClusterDns.Conformance.Deviations;
using ClusterDns.Testing;
using ClusterDns.Testing.Processes;

namespace ClusterDns.Conformance.Running;

/// <summary>Runs one scenario: its doubles, the server in a copy of its folder, its cases, its metrics and its log.</summary>
internal sealed class ScenarioRun(
    Scenario scenario, RecordingsFolder recordings, DeviationTable deviations, string serverPath, bool wholeEdns = false)
{
    private const int GroupsAtOnce = 8;

    private static readonly TimeSpan StandardSettle = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan ClusterSettle = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LogDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(20);

    private readonly ConcurrentBag<CaseFailure> _failures = [];
    private readonly ConcurrentBag<Deviation> _used = [];

    public async Task<ScenarioResult> RunAsync()
    {
        string root = Directory.CreateTempSubdirectory("conformance").FullName;
        try
        {
            await RunInAsync(root);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            Fault($"could not run: {e.Message}");
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }

        IEnumerable<CaseFailure> ordered = _failures.OrderBy(static f => f.Index).ThenBy(static f => f.Text, StringComparer.Ordinal);
        return new ScenarioResult(scenario.Name, scenario.Cases.Count, [.. ordered], [.. _used.Distinct()]);
    }

    private async Task RunInAsync(string root)
    {
        string folder = Path.Combine(root, "run");
        FolderCopy.Make(scenario.Folder, folder);
        ScenarioEnvironment environment = new(Path.Combine(root, "kubeconfig"), scenario.Settings);
        await using ScenarioDoubles doubles = await ScenarioDoubles.StartAsync(scenario, recordings, environment, serverPath, root);
        await using ServerProcess server = ServerProcess.Start(serverPath, folder, environment.Variables, "-conf", "Corefile");
        if (!await server.WaitUntilAsync(() => ServerStart.IsUpAsync(server, environment), Patience.Limit))
        {
            Fault($"not up: {server.Output}");
        }

        if (server.HasExited)
        {
            scenario.Cases.ToList().ForEach(c => _failures.Add(new CaseFailure(c.Index, $"{c}: not asked")));
            return;
        }

        CaseAsker asker = new(environment.Variables, folder, server);
        await SettleAsync(asker);
        await AskAllAsync(asker, doubles);
        await CompareMetricsAsync(environment);
        await CompareLogAsync(server, environment);
        if (server.HasExited)
        {
            Fault($"server ended with {server.ExitCode}: {server.Output}");
        }
    }

    private async Task SettleAsync(CaseAsker asker)
    {
        bool hasCluster = scenario.Names("KUBECONFIG");
        ConformanceCase? sign = scenario.IsKubernetesKind && scenario.Settings.Settle is null
            ? scenario.Cases.FirstOrDefault(static c => c.Group is null && c.Reply["answer"] is JsonArray { Count: > 0 })
            : null;
        if (sign is null)
        {
            await Task.Delay(scenario.Settings.Settle ?? (hasCluster ? ClusterSettle : StandardSettle));
            return;
        }

        // Settled as soon as the cluster is seen in an answer: the first records of a service.
        await UntilAsync(async () => Agrees(sign, await asker.AskAsync(sign)));
    }

    private async Task AskAllAsync(CaseAsker asker, ScenarioDoubles doubles)
    {
        // Counters and the order of a log depend on the order of the questions; limits on what is under way, on the others.
        bool inSequence = scenario.Settings.MetricsPort is not null || scenario.Settings.ComparesLog
            || scenario.Cases.Any(static c => c.Json.ContainsKey("meanwhile"));
        IEnumerable<IGrouping<string, ConformanceCase>> groups =
            scenario.Cases.GroupBy(c => inSequence ? "all" : c.Group is { } g ? $"g {g}" : $"# {c.Index}");
        ParallelOptions options = new() { MaxDegreeOfParallelism = GroupsAtOnce };
        await Parallel.ForEachAsync(groups, options, async (group, _) =>
        {
            foreach (ConformanceCase c in group)
            {
                if (c.Has("wait_ms"))
                {
                    await doubles.StartLateApiAsync();
                }

                Judge(c, await asker.AskAsync(c));
            }
        });
    }

    private bool Agrees(ConformanceCase c, JsonObject got) => Agreement.Holds(Masked(c, c.Reply), Masked(c, got), c);

    private void Judge(ConformanceCase c, JsonObject reply)
    {
        Deviation? deviation = deviations.For(scenario.Name, c);
        (JsonObject want, JsonObject got) = (Masked(c, deviation?.Reply ?? c.Reply), Masked(c, reply));
        if (Agreement.Holds(want, got, c))
        {
            if (deviation is not null)
            {
                _used.Add(deviation);
            }

            return;
        }

        string note = deviation is null ? "" : $" (by the deviation: {deviation.Section})";
        string line = new Deviation(scenario.Name, c.Identity(), "", "", got).ToLine();
        _failures.Add(new CaseFailure(c.Index, $"{c}{note}\n{Agreement.Differences(want, got)}", line));
    }

    private JsonObject Masked(ConformanceCase c, JsonObject reply) =>
        ReplyMasks.Apply(reply, c, scenario.IsKubernetesKind, wholeEdns);

    private async Task CompareMetricsAsync(ScenarioEnvironment environment)
    {
        if (scenario.Settings.MetricsPort is not { } port)
        {
            return;
        }

        using HttpClient client = new() { Timeout = Patience.Limit };
        string recorded = await File.ReadAllTextAsync(Path.Combine(scenario.Folder, "metrics.json"));
        JsonObject want = JsonNode.Parse(recorded) as JsonObject ?? [];
        List<string> differences = [];
        try
        {
            // Some of it is counted behind the answer that a client has already.
            await UntilAsync(async () =>
            {
                string text = await client.GetStringAsync(new Uri($"http://127.0.0.1:{environment.Port(port)}/metrics"));
                differences = [.. MetricsSnapshot.Parse(text, environment).Differences(want)];
                return differences.Count == 0;
            });
            differences.ForEach(Fault);
        }
        catch (HttpRequestException e)
        {
            Fault($"no metrics: {e.Message}");
        }
    }

    private async Task CompareLogAsync(ServerProcess server, ScenarioEnvironment environment)
    {
        if (!scenario.Settings.ComparesLog)
        {
            return;
        }

        await Task.Delay(LogDelay);
        string[] recorded = await File.ReadAllLinesAsync(Path.Combine(scenario.Folder, "log.txt"));
        List<string> differences = [];
        await UntilAsync(() =>
        {
            differences = [.. LogLines.Differences(recorded, LogLines.Of(server.Output, environment))];
            return Task.FromResult(differences.Count == 0);
        });
        differences.ForEach(Fault);
    }

    // As long as a busy machine may need; who asks for it judges what is there by then.
    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        long start = Stopwatch.GetTimestamp();
        while (!await holds() && Stopwatch.GetElapsedTime(start) < Settling)
        {
            await Task.Delay(50);
        }
    }

    private void Fault(string text) => _failures.Add(new CaseFailure(-1, text));
}
