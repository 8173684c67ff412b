using System.Text.RegularExpressions;
using Xunit;

namespace ClusterDns.UnitTests.Repository;

public sealed partial class TourTests
{
    [Fact]
    public void Every_type_and_folder_that_the_tour_names_exists()
    {
        var files = SourceTree.Files("src", "*.cs").Concat(SourceTree.Files("tests", "*.cs"))
            .Select(Path.GetFileNameWithoutExtension).ToHashSet();
        var names = Name().Matches(File.ReadAllText(Path.Combine(SourceTree.Root, "src/README.md")))
            .Select(static match => match.Groups[1].Value)
            .Where(static name => name is not ("clusterdns" or "file" or "README.md"))
            .ToArray();

        Assert.NotEmpty(names);
        var unknown = names.Except(files)
            .Where(static name => !Directory.Exists(Path.Combine(SourceTree.Root, "src", name!))) // a match's group is never null
            .Where(static name => !Directory.Exists(Path.Combine(SourceTree.Root, name!)));
        Assert.Equal("", string.Join(' ', unknown));
    }

    [GeneratedRegex("`([A-Za-z.]+(?:/[A-Za-z.]+)*)`")]
    private static partial Regex Name();
}
