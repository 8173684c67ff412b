using System.Text.RegularExpressions;

namespace ClusterDns.Conformance.Running;

/// <summary>The log's lines about questions and errors, with ports, IDs and times masked.</summary>
internal static partial class LogLines
{
    public static IEnumerable<string> Of(string output, ScenarioEnvironment environment) =>
        output.Split('\n').Where(static l => Logged().IsMatch(l) && !l.Contains("SIGTERM", StringComparison.Ordinal))
            .Select(l => Masked(l, environment)).Order(StringComparer.Ordinal);

    /// <summary>Lines as often as they were logged: what the recording has more of, then what it has less of.</summary>
    public static IEnumerable<string> Differences(IEnumerable<string> recorded, IEnumerable<string> logged)
    {
        List<string> more = [.. logged];
        List<string> missing = [.. recorded.Where(l => !more.Remove(l))];
        return missing.Select(static l => $"log: want {l}").Concat(more.Select(static l => $"log:  got {l}"));
    }

    private static string Masked(string line, ScenarioEnvironment environment)
    {
        foreach ((string name, string port) in environment.Ports)
        {
            line = Regex.Replace(line, $@"\b{port}\b", name);
        }

        line = ClientPort().Replace(line, ":CPORT");
        line = Duration().Replace(line, "DUR");
        line = QueryId().Replace(line, " - ID ");
        return NamedId().Replace(line, "id=ID");
    }

    [GeneratedRegex(@"^\[(INFO|ERROR|WARNING|DEBUG)\] ")]
    private static partial Regex Logged();

    [GeneratedRegex(@":(\d{4,5})\b(?=[^.]|$)")]
    private static partial Regex ClientPort();

    [GeneratedRegex(@"\b\d+(\.\d+)?(e-\d+)?s\b")]
    private static partial Regex Duration();

    [GeneratedRegex(@" - \d+ ")]
    private static partial Regex QueryId();

    [GeneratedRegex(@"id=\d+")]
    private static partial Regex NamedId();
}
