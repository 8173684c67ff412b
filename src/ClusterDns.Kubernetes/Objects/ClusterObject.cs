using System.Globalization;

namespace ClusterDns.Kubernetes.Objects;

/// <summary>
/// What every object of the cluster has: where it is and which of its versions this is. Immutable, but for what a source has
/// remembered: that follows its object's versions while nothing else changes.
/// </summary>
internal abstract class ClusterObject
{
    // The API writes numbers, which need no object of their own; whatever else a source writes is kept as it is.
    private ulong _version;
    private string? _versionText;

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

    /// <summary>Nothing but the version differs; false where this object does not know, having less in it than there was.</summary>
    public virtual bool HasContentOf(ClusterObject other) => false;

    /// <summary>For the source that remembers this one: another version of the same content is no other object.</summary>
    public virtual void TakeVersionOf(ClusterObject newer)
    {
        _versionText = newer._versionText;
        _version = newer._version;
    }

    /// <summary>
    /// What a source keeps of the object once its sink has it: the object itself, or one with less in it where sinks keep
    /// what they need by themselves.
    /// </summary>
    /// <param name="known">What was remembered before; it is given back, brought up to date, where that is all it needs.</param>
    public virtual ClusterObject Remember(ClusterObject? known) => this;
}
