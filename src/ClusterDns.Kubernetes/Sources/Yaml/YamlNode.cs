using System.Diagnostics.CodeAnalysis;

namespace ClusterDns.Kubernetes.Sources.Yaml;

/// <summary>A value of a <see cref="YamlTree"/>, valid until the next document is read. By default it is nothing.</summary>
internal readonly struct YamlNode
{
    private readonly YamlTree? _tree;
    private readonly int _index;

    public YamlNode(YamlTree tree, int index)
    {
        _tree = tree;
        _index = tree.Resolve(index);
    }

    [MemberNotNullWhen(true, nameof(_tree))]
    public bool Exists => _tree is not null;

    public YamlTreeKind Kind => _tree?.KindOf(_index) ?? YamlTreeKind.Scalar;

    /// <summary>From 1; 0 of nothing.</summary>
    public int Line => _tree?.LineOf(_index) ?? 0;

    public bool IsPlain => Exists && _tree.IsPlain(_index);

    public bool HasText => Exists && _tree.HasText(_index);

    /// <summary>Of a scalar.</summary>
    public ReadOnlySpan<char> Span => Exists ? _tree.TextOf(_index) : [];

    /// <summary>Of a scalar, as a string; null where there is none.</summary>
    public string? Text => HasText ? _tree!.Texts.Get(Span) : null; // what has text is in a tree

    /// <summary>What stands in it: the items of a sequence; key, value, key, value of a mapping.</summary>
    public YamlNodes Children => Exists ? new YamlNodes(_tree, _index + 1, _tree.EndOf(_index)) : default;

    /// <summary>Of a mapping: the member of that name and its key; nothing where there is none.</summary>
    public YamlNode Find(string name, out YamlNode key)
    {
        key = default;
        if (!Exists)
        {
            return default;
        }

        int end = _tree.EndOf(_index);
        for (int at = _index + 1, value; at < end; at = _tree.EndOf(value))
        {
            value = _tree.EndOf(at);
            int resolved = _tree.Resolve(at);
            if (_tree.HasText(resolved) && _tree.TextOf(resolved).SequenceEqual(name))
            {
                key = new YamlNode(_tree, at);
                return new YamlNode(_tree, value);
            }
        }

        return default;
    }
}
