using System.Text.Json.Nodes;

namespace ClusterDns.Conformance.Cases;

/// <summary>One recorded scenario: a folder with a Corefile, the files it reads, and cases.</summary>
internal sealed class Scenario
{
    private Scenario(string folder)
    {
        Folder = folder;
        Settings = ScenarioSettings.Read(folder);
        Cases = [.. ReadCases(Path.Combine(folder, "cases.jsonl"))];
        Corefiles = File.ReadAllText(Path.Combine(folder, "Corefile"))
            + string.Concat(Directory.EnumerateFiles(folder, "*.conf").Select(File.ReadAllText));
    }

    public string Folder { get; }

    /// <summary>The folder and its parent, e.g. <c>plugins/cache-denial</c>.</summary>
    public string Name => $"{Kind}/{Path.GetFileName(Folder)}";

    public ScenarioSettings Settings { get; }

    public IReadOnlyList<ConformanceCase> Cases { get; }

    /// <summary>The Corefile and the files it may import: what they name decides which doubles run.</summary>
    public string Corefiles { get; }

    /// <summary>The <c>kubernetes</c> folder was recorded by an older form: SOA serials always masked, transfers by RCODE and
    /// records alone.</summary>
    public bool IsKubernetesKind => Kind == "kubernetes";

    private string Kind => Path.GetFileName(Path.GetDirectoryName(Folder)) ?? "";

    public static Scenario Read(string folder) => new(Path.GetFullPath(folder).TrimEnd('/'));

    /// <summary>Whether a Corefile reads the environment variable.</summary>
    public bool Names(string variable) =>
        Corefiles.Contains($"{{${variable}}}", StringComparison.Ordinal)
        || Corefiles.Contains($"{{%{variable}%}}", StringComparison.Ordinal);

    private static IEnumerable<ConformanceCase> ReadCases(string path)
    {
        int index = 0;
        foreach (string line in File.ReadLines(path).Where(static l => l.Length > 0))
        {
            yield return new ConformanceCase(index++, (JsonObject)JsonNode.Parse(line)!); // A line is an object.
        }
    }
}
