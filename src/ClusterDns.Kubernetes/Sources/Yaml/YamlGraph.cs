using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ClusterDns.Kubernetes.Sources.Yaml;

/// <summary>Makes our trees of what YamlDotNet has read. A node that is named by aliases is in its tree once.</summary>
internal sealed class YamlGraph
{
    private readonly Dictionary<YamlDotNet.RepresentationModel.YamlNode, int> _known = new(ReferenceEqualityComparer.Instance);
    private readonly YamlTree _tree;
    private readonly int _skippedLines;

    private YamlGraph(YamlTexts texts, int skippedLines)
    {
        _tree = new YamlTree(texts);
        _skippedLines = skippedLines;
    }

    /// <param name="skippedLines">Lines before the text that was read.</param>
    /// <exception cref="YamlException">It is no YAML.</exception>
    public static List<YamlTree> Read(TextReader text, int skippedLines, YamlTexts texts)
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

        return [.. stream.Documents.Select(item => new YamlGraph(texts, skippedLines).Convert(item))];
    }

    private YamlTree Convert(YamlDocument document)
    {
        Add(document.RootNode);
        return _tree;
    }

    private void Add(YamlDotNet.RepresentationModel.YamlNode node)
    {
        if (_known.TryGetValue(node, out int known))
        {
            _tree.AddAlias(known);
            return;
        }

        int line = (int)node.Start.Line + _skippedLines;
        int index = _known[node] = _tree.Count; // before its members: an alias below may name it
        switch (node)
        {
            case YamlScalarNode scalar:
                _tree.AddScalar(scalar.Value, scalar.Style is ScalarStyle.Plain, line);
                break;
            case YamlMappingNode mapping:
                _tree.Open(YamlTreeKind.Mapping, line);
                foreach (var (key, value) in mapping.Children)
                {
                    Add(key);
                    Add(value);
                }

                _tree.Close(index);
                break;
            case YamlSequenceNode sequence:
                _tree.Open(YamlTreeKind.Sequence, line);
                foreach (var item in sequence.Children)
                {
                    Add(item);
                }

                _tree.Close(index);
                break;
            default:
                _tree.AddScalar(null, true, line);
                break;
        }
    }
}
