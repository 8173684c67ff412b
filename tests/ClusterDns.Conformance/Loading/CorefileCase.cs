using System.Text.Json.Nodes;

namespace ClusterDns.Conformance.Loading;

/// <summary>A Corefile that must be refused or accepted (<c>corefiles/broken.json</c>, <c>valid.json</c>).</summary>
internal sealed class CorefileCase(JsonObject json)
{
    public string Name => $"{json["name"]}";

    public string Corefile => $"{json["corefile"]}";

    /// <summary>Files that must lie beside the Corefile: path and text.</summary>
    public IEnumerable<(string Path, string Text)> Files =>
        json["files"] is JsonObject files ? files.Select(static f => (f.Key, $"{f.Value}")) : [];

    public bool IsBroken => json["exit"] is not null;

    /// <summary>The line the recorded server named; null where it named none.</summary>
    public int? Line => (int?)json["line"];

    /// <summary>Accepted by the recorded server though one would expect an error: refusing it is no fault.</summary>
    public bool MayBeRefused => (bool?)json["lenient"] ?? false;

    /// <summary>Refused by this version and maybe not by the next: accepting it is no fault.</summary>
    public bool MayBeAccepted => (bool?)json["optional"] ?? false;

    /// <summary>The server ends by itself, sooner or later.</summary>
    public bool MustBeRefused => IsBroken && !MayBeAccepted;

    /// <summary>How long a server that has come up is watched before it counts as running.</summary>
    public TimeSpan Stay => TimeSpan.FromSeconds((double?)json["stay"] ?? 0.7);

    public TimeSpan Wait => TimeSpan.FromSeconds((double?)json["wait"] ?? 12);

    /// <summary>Serves the standard port, because some block names none.</summary>
    public bool NeedsStandardPort => !Corefile.Contains("{$PORT}", StringComparison.Ordinal);

    public static IReadOnlyList<CorefileCase> Read(string path) =>
        [.. (JsonNode.Parse(File.ReadAllText(path)) as JsonArray ?? []).OfType<JsonObject>().Select(static j => new CorefileCase(j))];

    /// <summary>The directives that stand in a block, in the Corefile or in a file beside it.</summary>
    public IReadOnlySet<string> Directives() =>
        new[] { Corefile }.Concat(Files.Select(static f => f.Text)).SelectMany(Named).ToHashSet();

    private static IEnumerable<string> Named(string text)
    {
        int depth = 0;
        foreach (string[] words in text.Split('\n').Select(static l => l.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))
        {
            if (words.Length > 0 && depth <= 1 && KnownDirectives.All.Contains(words[0]))
            {
                yield return words[0];
            }

            depth += words.Count(static w => w is "{") - words.Count(static w => w is "}");
        }
    }
}
