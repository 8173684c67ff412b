using ClusterDns.Conformance.Cases;
using ClusterDns.Conformance.Deviations;
using ClusterDns.Conformance.Loading;
using ClusterDns.Conformance.Running;

namespace ClusterDns.Conformance.Commands;

/// <summary>Runs scenarios from the command line and prints what does not agree.</summary>
internal static class CheckCommand
{
    public const string Usage = """
        check SCENARIO…   run scenarios: folders, or names such as plugins/whoami; prints the differing cases
        check-all         run every scenario and print a table
        corefiles         try the Corefiles that must be refused and those that must be accepted
          --show N            how many differing cases to print (check: 20, check-all: 0)
          --server PATH       the server to ask (CLUSTERDNS_SERVER, else the one of this build)
          --recordings DIR    another folder of recordings
          --only TEXT         check-all: scenarios whose name contains the text
          --jobs N            check-all: scenarios at a time (2)
          --edns              compare payload size and options of the OPT too, though they are free
          --deviations        print lines for deviations.jsonl, with section and sentence to fill in
        """;

    public static Task<int> RunAsync(string command, CommandArguments arguments) => command switch
    {
        "check" => CheckAsync(arguments),
        "check-all" => CheckAllAsync(arguments),
        _ => CorefilesAsync(arguments),
    };

    private static async Task<int> CheckAsync(CommandArguments arguments)
    {
        bool succeeded = arguments.Words.Count > 0;
        foreach (string word in arguments.Words)
        {
            RecordingsFolder recordings = Recordings(arguments);
            Scenario scenario = Directory.Exists(word) ? Scenario.Read(word) : recordings.Read(word);
            ScenarioResult result = await RunAsync(scenario, recordings, arguments);
            Print(result, arguments, arguments.Number("show", 20));
            succeeded &= result.Succeeded;
        }

        return succeeded ? 0 : 1;
    }

    private static async Task<int> CheckAllAsync(CommandArguments arguments)
    {
        RecordingsFolder recordings = Recordings(arguments);
        string only = arguments.Text("only") ?? "";
        List<string> names = [.. recordings.Scenarios().Where(n => n.Contains(only, StringComparison.Ordinal))];
        ScenarioResult[] results = new ScenarioResult[names.Count];
        ParallelOptions options = new() { MaxDegreeOfParallelism = arguments.Number("jobs", 2) };
        await Parallel.ForAsync(0, names.Count, options, async (i, _) =>
            results[i] = await RunAsync(recordings.Read(names[i]), recordings, arguments));
        foreach (ScenarioResult result in results)
        {
            Print(result, arguments, arguments.Number("show", 0));
        }

        Console.WriteLine();
        Console.WriteLine($"{"scenario",-40} {"agree",6} {"of",6}  else");
        foreach (ScenarioResult result in results)
        {
            int faults = result.Failures.Count(static f => f.Index < 0);
            Console.WriteLine($"{result.Name,-40} {result.Agreed,6} {result.Total,6}  {(faults == 0 ? "" : $"{faults} faults")}");
        }

        Console.WriteLine($"{"all",-40} {results.Sum(static r => r.Agreed),6} {results.Sum(static r => r.Total),6}");
        Console.WriteLine($"{results.Count(static r => r.Succeeded)} of {results.Length} scenarios agree in full");
        return results.All(static r => r.Succeeded) ? 0 : 1;
    }

    private static async Task<int> CorefilesAsync(CommandArguments arguments)
    {
        CorefileRun run = new(Server(arguments));
        int problems = 0;
        foreach (string file in (string[])["broken.json", "valid.json"])
        {
            string path = Path.Combine(Recordings(arguments).Corefiles, file);
            IReadOnlyList<CorefileResult> results = await run.RunAsync(CorefileCase.Read(path));
            foreach (CorefileResult result in results.Where(static r => r.Problem is not null || r.Note is not null))
            {
                Console.WriteLine($"{result.Name}: {result.Problem ?? "note: " + result.Note}");
            }

            foreach (IGrouping<string, CorefileResult> missing in results.Where(static r => !r.WasTried)
                .GroupBy(static r => string.Join(' ', r.Missing)).OrderBy(static g => g.Key, StringComparer.Ordinal))
            {
                Console.WriteLine($"not yet, for want of {missing.Key}: {string.Join("; ", missing.Select(static r => r.Name))}");
            }

            int wrong = results.Count(static r => r.Problem is not null);
            int tried = results.Count(static r => r.WasTried);
            Console.WriteLine($"{file}: {tried - wrong} of {tried} agree, {results.Count - tried} not yet");
            problems += wrong;
        }

        return problems == 0 ? 0 : 1;
    }

    private static Task<ScenarioResult> RunAsync(Scenario scenario, RecordingsFolder recordings, CommandArguments arguments) =>
        new ScenarioRun(scenario, recordings, DeviationTable.Own, Server(arguments), arguments.Has("edns")).RunAsync();

    private static void Print(ScenarioResult result, CommandArguments arguments, int show)
    {
        if (show > 0)
        {
            Console.WriteLine(result.Report(show));
        }

        if (arguments.Has("deviations"))
        {
            result.Failures.Select(static f => f.Deviation).OfType<string>().ToList().ForEach(Console.WriteLine);
        }
    }

    private static string Server(CommandArguments arguments) =>
        arguments.Text("server") is { } path ? Path.GetFullPath(path) : ServerPath.Default;

    private static RecordingsFolder Recordings(CommandArguments arguments) =>
        arguments.Text("recordings") is { } path ? new RecordingsFolder(path) : RecordingsFolder.Own;
}
