using System.Globalization;

namespace ClusterDns.Kubernetes.Objects;

/// <summary>What every object of the cluster has: where it is and which of its versions this is. Immutable.</summary>
internal abstract class ClusterObject
{
    // The API writes numbers, which need no object of their own; whatever else a source writes is kept as it is.
    private readonly ulong _version;
    private readonly string? _versionText;

    /// <summary>Empty for objects outside namespaces.</summary>
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>Opaque: to be compared for equality alone. Empty where the source has no versions.</summary>
    public string ResourceVersion
    {
        get => _versionText ?? (_version == 0 ? "" : _version.ToString(CultureInfo.InvariantCulture));
        init
        {
            if (value is not ['0', ..]
                && ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number))
            {
                _version = number;
            }
            else
            {
                _versionText = value.Length == 0 ? null : value;
            }
        }
    }

    public ObjectKey Key => new(Namespace, Name);

    /// <summary>False where a version is not known.</summary>
    public bool HasVersionOf(ClusterObject other) =>
        (_version != 0 || _versionText is not null) && _version == other._version && _versionText == other._versionText;

    /// <summary>
    /// What a source keeps of the object once its sink has it: the object itself, or one with less in it where sinks
    /// keep
    /// what they need by themselves.
    /// </summary>
    public virtual ClusterObject Remembered => this;
}
