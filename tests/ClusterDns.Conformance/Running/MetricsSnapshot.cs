using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ClusterDns.Conformance.Comparing;

namespace ClusterDns.Conformance.Running;

/// <summary>What <c>/metrics</c> says, cut to what does not depend on time: families with type and labels, and counters.</summary>
internal sealed partial class MetricsSnapshot
{
    private const string Prefix = "coredns_";

    private static readonly string[] Suffixes = ["_bucket", "_sum", "_count"];
    private static readonly string[] ComparedGauges = ["coredns_cache_entries", "coredns_hosts_entries", "coredns_plugin_enabled"];

    private readonly Dictionary<string, (string Type, SortedSet<string> Labels)> _families = [];
    private readonly Dictionary<string, double> _values = [];

    private MetricsSnapshot()
    {
    }

    /// <param name="text">The exposition, text format 0.0.4.</param>
    /// <param name="environment">The ports of this run, to be named as in the recording.</param>
    public static MetricsSnapshot Parse(string text, ScenarioEnvironment environment)
    {
        MetricsSnapshot snapshot = new();
        foreach (string line in text.Split('\n').Select(static l => l.TrimEnd('\r')))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal) && line.Split(' ') is [_, _, var name, var type, ..])
            {
                snapshot._families[name] = (type, []);
            }
            else if (line.Length > 0 && line[0] is not '#')
            {
                snapshot.AddSample(line, environment);
            }
        }

        return snapshot;
    }

    /// <summary>One line for each family and value that differs from the recording.</summary>
    public IEnumerable<string> Differences(JsonObject recorded)
    {
        JsonObject families = recorded["families"] as JsonObject ?? [];
        JsonObject own = new(_families.Where(static f => f.Key.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(static f => KeyValuePair.Create(f.Key, (JsonNode?)Family(f.Value.Type, f.Value.Labels))));
        JsonObject values = recorded["values"] as JsonObject ?? [];
        JsonObject ownValues = new(_values.Select(static v => KeyValuePair.Create(v.Key, (JsonNode?)v.Value)));
        return Compare("metric", families, own, JsonNode.DeepEquals)
            .Concat(Compare("value", values, ownValues, static (w, g) => (double?)w == (double?)g));
    }

    private static JsonObject Family(string type, SortedSet<string> labels) =>
        new() { ["labels"] = ReplyShape.Array(labels), ["type"] = type };

    private static IEnumerable<string> Compare(
        string what, JsonObject want, JsonObject got, Func<JsonNode?, JsonNode?, bool> same) =>
        want.Concat(got).Select(static p => p.Key).Distinct().Order(StringComparer.Ordinal)
            .Where(key => !same(want[key], got[key]))
            .Select(key => $"{what} {key}: want {Show(want[key])} got {Show(got[key])}");

    private static string Show(JsonNode? node) => node?.ToJsonString(Agreement.Readable) ?? "nothing";

    private void AddSample(string line, ScenarioEnvironment environment)
    {
        Match sample = Sample().Match(line);
        string name = sample.Groups[1].Value;
        string family = Suffixes.Where(s => name.EndsWith(s, StringComparison.Ordinal)).Select(s => name[..^s.Length])
            .FirstOrDefault(_families.ContainsKey) ?? name;
        if (!_families.TryGetValue(family, out (string Type, SortedSet<string> Labels) known))
        {
            _families[family] = known = ("untyped", new SortedSet<string>(StringComparer.Ordinal));
        }

        List<(string Key, string Value)> labels =
            [.. Label().Matches(sample.Groups[2].Value).Select(m => (m.Groups[1].Value, Named(m.Groups[2].Value, environment)))];
        known.Labels.UnionWith(labels.Select(static l => l.Key));
        bool counted = known.Type is "counter" || name.EndsWith("_count", StringComparison.Ordinal) || ComparedGauges.Contains(family);
        if (counted && family.StartsWith(Prefix, StringComparison.Ordinal) && !DependsOnTime().IsMatch(name))
        {
            string key = $"{name}{{{string.Join(',', labels.Order().Select(static l => $"{l.Key}=\"{l.Value}\""))}}}";
            _values[key] = double.Parse(sample.Groups[3].Value, CultureInfo.InvariantCulture);
        }
    }

    private static string Named(string value, ScenarioEnvironment environment) =>
        value.Replace(environment.Variables["PORT2"], "PORT2", StringComparison.Ordinal)
            .Replace(environment.Variables["PORT"], "PORT", StringComparison.Ordinal);

    [GeneratedRegex(@"^([a-zA-Z0-9_:]+)(?:\{(.*)\})? (\S+)")]
    private static partial Regex Sample();

    [GeneratedRegex("""([a-zA-Z0-9_]+)="((?:[^"\\]|\\.)*)"(?:,|$)""")]
    private static partial Regex Label();

    [GeneratedRegex("proxy|health_request|build_info|kubernetes_(rest|dns_prog)|panics")]
    private static partial Regex DependsOnTime();
}
