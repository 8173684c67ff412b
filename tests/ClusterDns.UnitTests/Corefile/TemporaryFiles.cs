namespace ClusterDns.UnitTests.Corefile;

/// <summary>A directory of its own for one test, removed at its end.</summary>
internal sealed class TemporaryFiles : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("corefile").FullName;

    public string Path(string name) => System.IO.Path.Combine(Root, name);

    /// <summary>The full path of the new file.</summary>
    public string Write(string name, string text)
    {
        string path = Path(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path) ?? Root);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
