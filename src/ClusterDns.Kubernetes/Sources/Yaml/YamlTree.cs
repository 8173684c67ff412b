namespace ClusterDns.Kubernetes.Sources.Yaml;

/// <summary>A value of a YAML document with all that stands in it, cut to what manifests are read for.</summary>
internal sealed class YamlTree
{
    private YamlTree(YamlTreeKind kind, int line, string? text, bool isPlain, YamlTree[] children)
    {
        Kind = kind;
        Line = line;
        Text = text;
        IsPlain = isPlain;
        Children = children;
    }

    public YamlTreeKind Kind { get; }

    /// <summary>From 1.</summary>
    public int Line { get; }

    /// <summary>Of a scalar.</summary>
    public string? Text { get; }

    /// <summary>A scalar without quotes, which null may be.</summary>
    public bool IsPlain { get; }

    /// <summary>The items of a sequence; key, value, key, value of a mapping.</summary>
    public YamlTree[] Children { get; set; }

    public static YamlTree Scalar(string? text, bool isPlain, int line) =>
        new(YamlTreeKind.Scalar, line, text, isPlain, []);

    public static YamlTree Sequence(YamlTree[] items, int line) =>
        new(YamlTreeKind.Sequence, line, null, false, items);

    public static YamlTree Mapping(YamlTree[] pairs, int line) =>
        new(YamlTreeKind.Mapping, line, null, false, pairs);
}
