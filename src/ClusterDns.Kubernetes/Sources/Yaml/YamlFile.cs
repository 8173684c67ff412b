using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ClusterDns.Kubernetes.Sources.Yaml;

/// <summary>Reads a file of YAML (JSON is YAML too) into documents whose values know their lines.</summary>
internal static class YamlFile
{
    /// <summary>Octets a file may have: a stray file must not fill the memory.</summary>
    public const int LargestFile = 64 * 1024 * 1024;

    /// <summary>Throws <see cref="SourceConfigurationException"/> if the file cannot be read or is no YAML.</summary>
    public static IReadOnlyList<YamlValue> Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > LargestFile)
            {
                throw new SourceConfigurationException($"{path}: the file is larger than {LargestFile} octets");
            }

            using StreamReader text = new(path);
            YamlStream stream = [];
            stream.Load(text);
            return [.. stream.Documents.Select(item => new YamlValue(path, item.RootNode, item.RootNode.Start.Line))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SourceConfigurationException($"{path}: cannot be read: {OneLine(e.Message)}", e);
        }
        catch (YamlException e)
        {
            throw new SourceConfigurationException(path, e.Start.Line, $"is no YAML: {OneLine(e.Message)}", e);
        }
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
