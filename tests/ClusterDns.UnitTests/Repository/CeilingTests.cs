using System.Text.RegularExpressions;
using Xunit;

namespace ClusterDns.UnitTests.Repository;

/// <summary>The table of ceilings in SECURITY.md names what the code counts, all of it and nothing else.</summary>
public sealed partial class CeilingTests
{
    private static readonly string Table = File.ReadAllText(Path.Combine(SourceTree.Root, "SECURITY.md"));

    [Fact]
    public void Every_ceiling_that_is_counted_stands_in_the_table_and_none_else()
    {
        var counted = SourceTree.Files("src", "*.cs")
            .SelectMany(static path => Counted().Matches(File.ReadAllText(path)))
            .Select(static match => match.Groups[1].Value)
            .ToHashSet();
        var told = Told().Matches(Table).Select(static match => match.Groups[1].Value).ToHashSet();

        Assert.NotEmpty(counted);
        Assert.Equal(counted.Order(), told.Order());
    }

    [Fact]
    public void Every_metric_that_the_table_names_exists()
    {
        var code = string.Concat(SourceTree.Files("src", "*.cs").Select(File.ReadAllText));
        var unknown = Metric().Matches(Table).Select(static match => match.Groups[1].Value)
            .Where(name => !code.Contains($"\"{name}\"", StringComparison.Ordinal));

        Assert.Empty(unknown);
    }

    [GeneratedRegex(@"CeilingCounter\s*\.Of\([^""]*""([a-z0-9_]+)""")]
    private static partial Regex Counted();

    [GeneratedRegex("`ceiling=\"([a-z0-9_]+)\"`")]
    private static partial Regex Told();

    [GeneratedRegex("`((?:clusterdns|coredns)_[a-z0-9_]+)")]
    private static partial Regex Metric();
}
