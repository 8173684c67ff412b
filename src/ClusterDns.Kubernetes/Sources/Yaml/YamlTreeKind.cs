namespace ClusterDns.Kubernetes.Sources.Yaml;

/// <summary>What a value of YAML is.</summary>
internal enum YamlTreeKind : byte
{
    Scalar,
    Sequence,
    Mapping,

    /// <summary>Stands for another value; nobody but the tree sees it.</summary>
    Alias,
}
