using System.Diagnostics.CodeAnalysis;
using System.Text;
using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Presentation;

namespace ClusterDns.Plugins.ZoneFiles;

/// <summary>Reads a zone from a master file on disk.</summary>
internal sealed class ZoneFile : IMasterFileSource
{
    private static readonly ZoneFile Includes = new();

    /// <summary>A reader of the file's records, which may include other files.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static MasterFileReader OpenRecords(string path, DnsName origin) => new(Open(path), path, origin, Includes);

    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <param name="error">What is wrong in it, with file and line; "" where nothing is.</param>
    public static Zone? Read(string path, DnsName origin, out string error)
    {
        var builder = new ZoneBuilder(origin);
        using (var reader = OpenRecords(path, origin))
        {
            while (reader.TryRead(out var record))
            {
                builder.Add(record);
            }

            error = reader.Error;
        }

        if (error.Length > 0)
        {
            return null;
        }

        if (!builder.TryBuild(out var zone, out error))
        {
            error = $"{path}: {error}";
        }

        return zone;
    }

    /// <summary>When the file was written last: where links lead to it (a mounted ConfigMap), not when those were made.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static DateTime TimeOf(string path)
    {
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return File.GetLastWriteTimeUtc(handle);
    }

    public bool TryOpen(
        string path, string includedFrom, [NotNullWhen(true)] out TextReader? text, out string openedPath, out string error)
    {
        openedPath = Path.Combine(Path.GetDirectoryName(includedFrom) ?? "", path);
        try
        {
            text = Open(openedPath);
            error = "";
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            text = null;
            error = exception.Message;
            return false;
        }
    }

    private static StreamReader Open(string path) => new(path, Encoding.Latin1);
}
