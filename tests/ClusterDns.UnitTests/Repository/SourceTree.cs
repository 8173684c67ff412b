using System.Runtime.CompilerServices;

namespace ClusterDns.UnitTests.Repository;

/// <summary>The files of the project, found from where this one was compiled.</summary>
internal static class SourceTree
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../.."));

    /// <summary>Files below a folder of the root, without build output.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) => Directory
        .EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
        .Where(static path => !path.Contains("/bin/", StringComparison.Ordinal) && !path.Contains("/obj/", StringComparison.Ordinal));

    /// <summary>As one would name it in a message.</summary>
    public static string Relative(string path) => Path.GetRelativePath(Root, path);

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
