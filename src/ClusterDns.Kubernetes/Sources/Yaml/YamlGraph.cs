using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ClusterDns.Kubernetes.Sources.Yaml;

/// <summary>Makes our trees of what YamlDotNet has read. A node that is named by aliases becomes one tree.</summary>
internal sealed class YamlGraph
{
    private readonly Dictionary<YamlNode, YamlTree> _known = new(ReferenceEqualityComparer.Instance);

    /// <param name="skippedLines">Lines before the text that was read.</param>
    /// <exception cref="YamlException">It is no YAML.</exception>
    public static List<YamlTree> Read(TextReader text, int skippedLines)
    {
        YamlStream stream = [];
        try
        {
            stream.Load(text);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // Some mistakes (a flow mapping that goes on at the first column) end outside the library's own errors.
            throw new YamlException("found something that cannot stand where it does", e);
        }

        return [.. stream.Documents.Select(item => new YamlGraph().Convert(item.RootNode, skippedLines))];
    }

    private YamlTree Convert(YamlNode node, int skippedLines)
    {
        if (_known.TryGetValue(node, out YamlTree? known))
        {
            return known;
        }

        int line = (int)node.Start.Line + skippedLines;
        switch (node)
        {
            case YamlScalarNode scalar:
                return YamlTree.Scalar(scalar.Value, scalar.Style is ScalarStyle.Plain, line);
            case YamlMappingNode mapping:
                // Known before its members are: an alias below may name it.
                YamlTree tree = _known[node] = YamlTree.Mapping([], line);
                tree.Children = [.. mapping.Children.SelectMany(pair =>
                    new[] { Convert(pair.Key, skippedLines), Convert(pair.Value, skippedLines) })];
                return tree;
            case YamlSequenceNode sequence:
                YamlTree list = _known[node] = YamlTree.Sequence([], line);
                list.Children = [.. sequence.Children.Select(item => Convert(item, skippedLines))];
                return list;
            default:
                return YamlTree.Scalar(null, true, line);
        }
    }
}
