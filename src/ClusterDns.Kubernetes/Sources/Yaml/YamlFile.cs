using YamlDotNet.Core;

namespace ClusterDns.Kubernetes.Sources.Yaml;

/// <summary>Reads a file of YAML (JSON is YAML too) into documents whose values know their lines.</summary>
internal static class YamlFile
{
    /// <summary>Octets a file may have: a stray file must not fill the memory.</summary>
    public const int LargestFile = 64 * 1024 * 1024;

    /// <summary>
    /// The documents that hold anything, each read when it is asked for and valid until the next one is. Throws
    /// <see cref="SourceConfigurationException"/> if the file cannot be read or is no YAML.
    /// </summary>
    public static IEnumerable<YamlValue> Read(string path)
    {
        using YamlDocuments documents = Open(path);
        while (Next(path, documents) is { } root)
        {
            yield return new YamlValue(path, root.Root);
        }
    }

    private static YamlDocuments Open(string path)
    {
        try
        {
            return new FileInfo(path).Length <= LargestFile
                ? new YamlDocuments(new StreamReader(path))
                : throw new SourceConfigurationException($"{path}: the file is larger than {LargestFile} octets");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SourceConfigurationException($"{path}: cannot be read: {OneLine(e.Message)}", e);
        }
    }

    private static YamlTree? Next(string path, YamlDocuments documents)
    {
        try
        {
            return documents.Next();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SourceConfigurationException($"{path}: cannot be read: {OneLine(e.Message)}", e);
        }
        catch (YamlException e)
        {
            long line = e.Start.Line + documents.SkippedLines;
            throw new SourceConfigurationException(path, line, $"is no YAML: {OneLine(e.Message)}", e);
        }
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
