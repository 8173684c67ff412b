using System.IO.Enumeration;

namespace ClusterDns.Core.Corefile;

/// <summary>File names with <c>*</c> and <c>?</c> in any part of the path, neither of which matches a slash.</summary>
internal static class FilePattern
{
    /// <summary>The matching files in the order of their names; directories do not match.</summary>
    public static IEnumerable<string> Expand(string pattern)
    {
        string[] parts = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);
        IEnumerable<string> found = [pattern.StartsWith('/') ? "/" : ""];
        for (int i = 0; i < parts.Length; i++)
        {
            string part = parts[i];
            bool isLast = i == parts.Length - 1;
            found = part.AsSpan().ContainsAny('*', '?')
                ? found.SelectMany(directory => Matching(directory, part, isLast))
                : found.Select(directory => Path.Combine(directory, part)).Where(path => !isLast || File.Exists(path));
        }

        return found;
    }

    private static IEnumerable<string> Matching(string directory, string part, bool filesOnly)
    {
        DirectoryInfo place = new(directory.Length == 0 ? "." : directory);
        if (!place.Exists)
        {
            return [];
        }

        EnumerationOptions everything = new() { AttributesToSkip = 0, IgnoreInaccessible = true };
        return place.EnumerateFileSystemInfos("*", everything)
            .Select(static entry => entry.Name)
            .Where(name => FileSystemName.MatchesSimpleExpression(part, name, ignoreCase: false))
            .Order(StringComparer.Ordinal)
            .Select(name => Path.Combine(directory, name))
            .Where(path => filesOnly ? File.Exists(path) : Directory.Exists(path));
    }
}
