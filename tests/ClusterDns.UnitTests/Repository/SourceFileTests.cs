using System.Text.RegularExpressions;
using Xunit;

namespace ClusterDns.UnitTests.Repository;

public sealed partial class SourceFileTests
{
    private const int MaxLines = 600;

    // Which folders of a project a folder may use; the reverse is a fault. From the design's drawing.
    private static readonly Dictionary<string, string[]> Below = new()
    {
        ["Protocol/Names"] = [],
        ["Protocol/Records"] = ["Names"],
        ["Protocol/Messages"] = ["Names", "Records"],
        ["Protocol/Edns"] = ["Names", "Records", "Messages"],
        ["Protocol/Presentation"] = ["Names", "Records", "Messages"],
        ["Core/Corefile"] = [],
        ["Core/Telemetry"] = [],
        ["Core/Zones"] = [],
        ["Core/Expressions"] = ["Patterns", "Pipeline"],
    };

    [Fact]
    public void No_file_is_longer_than_600_lines() => Assert.Empty(
        SourceFiles().Where(static path => File.ReadLines(path).Count() > MaxLines).Select(SourceTree.Relative));

    [Fact]
    public void Folders_use_only_the_folders_below_them()
    {
        var faults = new List<string>();
        foreach (var (folder, allowed) in Below)
        {
            var (project, own) = (folder.Split('/')[0], folder.Split('/')[1]);
            var directory = $"src/ClusterDns.{project}/{own}";
            if (!Directory.Exists(Path.Combine(SourceTree.Root, directory)))
            {
                continue;
            }

            foreach (var path in SourceTree.Files(directory, "*.cs"))
            {
                foreach (Match use in UsingDirective().Matches(File.ReadAllText(path)))
                {
                    var (usedProject, used) = (use.Groups["project"].Value, use.Groups["folder"].Value.Split('.')[0]);
                    if (usedProject == project && used != own && !allowed.Contains(used))
                    {
                        faults.Add($"{SourceTree.Relative(path)} uses {usedProject}.{used}");
                    }
                }
            }
        }

        Assert.Empty(faults);
    }

    [Theory]
    [InlineData("Protocol", "ClusterDns.Core", "ClusterDns.Plugins", "ClusterDns.Kubernetes", "ClusterDns.Server", "System.IO.Pipelines")]
    [InlineData("Core", "ClusterDns.Plugins", "ClusterDns.Kubernetes", "ClusterDns.Server")]
    [InlineData("Plugins", "ClusterDns.Kubernetes", "ClusterDns.Server")]
    [InlineData("Kubernetes", "ClusterDns.Plugins", "ClusterDns.Server")]
    public void References_point_down_only(string project, params string[] forbidden) => Assert.Empty(
        from path in SourceTree.Files($"src/ClusterDns.{project}", "*.cs")
        from line in File.ReadLines(path)
        from name in forbidden
        where line.StartsWith($"using {name}", StringComparison.Ordinal)
        select $"{SourceTree.Relative(path)}: {line}");

    [Fact]
    public void Event_ids_are_unique()
    {
        var ids = SourceTree.Files("src", "*.cs")
            .SelectMany(static path => EventId().Matches(File.ReadAllText(path)).Select(match => (Id: match.Groups[1].Value, Path: path)))
            .ToArray();

        Assert.NotEmpty(ids);
        Assert.Empty(ids.GroupBy(static entry => entry.Id).Where(static group => group.Count() > 1)
            .Select(static group => $"{group.Key}: {string.Join(", ", group.Select(static entry => SourceTree.Relative(entry.Path)))}"));
    }

    [Fact]
    public void Nothing_is_left_open_in_the_source() => Assert.Empty(
        from path in SourceFiles()
        where !path.Contains("/Repository/", StringComparison.Ordinal)
        from line in File.ReadLines(path)
        where OpenEnd().IsMatch(line)
        select $"{SourceTree.Relative(path)}: {line.Trim()}");

    private static IEnumerable<string> SourceFiles() => SourceTree.Files("src", "*.cs").Concat(SourceTree.Files("tests", "*.cs"));

    [GeneratedRegex(@"^using (?:static )?ClusterDns\.(?<project>\w+)\.(?<folder>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex UsingDirective();

    [GeneratedRegex(@"\[LoggerMessage\((?:EventId = )?(\d+)")]
    private static partial Regex EventId();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|NotImplementedException)\b|#region")]
    private static partial Regex OpenEnd();
}
