using ClusterDns.Kubernetes.Sources.Yaml;

namespace ClusterDns.Kubernetes.Sources.Manifests;

/// <summary>
/// The files of a folder and of the folders in it, or one file. Names that begin with a dot are left out: among them
/// are the real folders behind a mounted ConfigMap, whose files are reached through links beside them.
/// </summary>
internal sealed class ManifestFolder(string path)
{
    private static readonly EnumerationOptions All = new() { AttributesToSkip = FileAttributes.None };

    /// <summary>False for one file.</summary>
    public bool IsFolder => Directory.Exists(path);

    /// <summary>What to watch for changes.</summary>
    public string WatchedPath => IsFolder ? path : Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";

    /// <exception cref="SourceConfigurationException">A file cannot be read or is wrong.</exception>
    public ManifestSet Read()
    {
        ManifestSet set = new();
        foreach (string file in Files())
        {
            foreach (YamlValue document in YamlFile.Read(file))
            {
                set.Add(document);
            }
        }

        return set;
    }

    /// <summary>Changes whenever a file comes, goes, is written, or is another one behind its link.</summary>
    public string Stamp()
    {
        try
        {
            string root = RealPath(Path.GetFullPath(path), 0);
            return root + string.Concat(Files().Select(file =>
            {
                // Two versions of a mounted file may have one size and one time: what tells them apart is their folder.
                FileInfo info = new(file);
                FileInfo real = info.LinkTarget is null ? info : new FileInfo(RealPath(info.FullName, 0));
                return $"\n{file}|{real.FullName}|{real.Length}|{real.LastWriteTimeUtc.Ticks}";
            }));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SourceConfigurationException)
        {
            // Read will say what is wrong.
            return e.Message;
        }
    }

    private static string RealPath(string path, int links)
    {
        if (links > 40)
        {
            throw new IOException($"{path}: too many links");
        }

        if (Path.GetDirectoryName(path) is not { } parent)
        {
            return path;
        }

        string folder = RealPath(parent, links);
        FileInfo info = new(Path.Combine(folder, Path.GetFileName(path)));
        return info.LinkTarget is { } target ? RealPath(Path.GetFullPath(target, folder), links + 1) : info.FullName;
    }

    private List<string> Files()
    {
        if (File.Exists(path))
        {
            return [path];
        }

        if (!Directory.Exists(path))
        {
            throw new SourceConfigurationException($"{path}: found nothing, expected a folder of manifests");
        }

        List<string> files = [];
        try
        {
            Collect(new DirectoryInfo(path), files);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SourceConfigurationException($"{path}: cannot be read: {e.Message.ReplaceLineEndings(" ")}", e);
        }

        files.Sort(StringComparer.Ordinal);
        return files;
    }

    private static void Collect(DirectoryInfo folder, List<string> files)
    {
        foreach (FileSystemInfo item in folder.EnumerateFileSystemInfos("*", All))
        {
            if (item.Name[0] == '.')
            {
                continue;
            }

            if (item is DirectoryInfo inner)
            {
                // A link to a folder may lead back here.
                if (inner.LinkTarget is null)
                {
                    Collect(inner, files);
                }
            }
            else if (item.Extension is ".yaml" or ".yml" or ".json")
            {
                files.Add(item.FullName);
            }
        }
    }
}
