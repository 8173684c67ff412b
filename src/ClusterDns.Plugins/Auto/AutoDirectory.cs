using ClusterDns.Protocol.Names;

namespace ClusterDns.Plugins.Auto;

/// <summary>Looks through a directory and those below it for files whose names stand for zones.</summary>
internal sealed class AutoDirectory(string path, AutoOptions options)
{
    // Links to directories are not followed, so only a tree of directories is this deep.
    private const int MaxDepth = 32;

    public string Path => path;

    /// <summary>Zones and their files; where two files stand for one zone, the first by path.</summary>
    /// <exception cref="IOException">The directory cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory may not be read.</exception>
    public Dictionary<DnsName, string> Read()
    {
        var found = new Dictionary<DnsName, string>(DnsNameComparer.Instance);
        Read(new DirectoryInfo(path), 0, found);
        return found;
    }

    private void Read(DirectoryInfo directory, int depth, Dictionary<DnsName, string> found)
    {
        foreach (var entry in directory.EnumerateFileSystemInfos().OrderBy(static entry => entry.Name, StringComparer.Ordinal))
        {
            if (entry is not DirectoryInfo below)
            {
                AddIfZone(entry, found);
            }
            else if (depth < MaxDepth && IsEntered(below))
            {
                Read(below, depth + 1, found);
            }
        }
    }

    // A mounted ConfigMap keeps its versions in directories "..TIME"; the files beside them are links to the current one.
    private static bool IsEntered(DirectoryInfo directory) =>
        directory.LinkTarget is null && !directory.Name.StartsWith("..", StringComparison.Ordinal);

    private void AddIfZone(FileSystemInfo file, Dictionary<DnsName, string> found)
    {
        if (options.FileName.Match(file.Name) is { } groups
            && DnsName.TryParse(options.Origin.Expand(groups), out var origin)
            && options.Zones.Contains(origin.Span))
        {
            found.TryAdd(origin.ToLower(), file.FullName);
        }
    }
}
