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

    /// <summary>Of a mapping: the member of that name; nothing where there is none.</summary>
    public YamlNode Find(string name) =>
        Exists && _tree.FindKey(_index, _tree.EndOf(_index), name) is >= 0 and var key ? new YamlNode(_tree, _tree.EndOf(key)) : default;
}
