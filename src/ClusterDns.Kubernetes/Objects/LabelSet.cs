using System.Diagnostics.CodeAnalysis;

namespace ClusterDns.Kubernetes.Objects;

/// <summary>Labels of an object: a few pairs in one array, none of them twice.</summary>
internal readonly struct LabelSet(KeyValuePair<string, string>[] pairs)
{
    private readonly KeyValuePair<string, string>[]? _pairs = pairs;

    public ReadOnlySpan<KeyValuePair<string, string>> Pairs => _pairs;

    public bool Equals(LabelSet other) => Pairs.SequenceEqual(other.Pairs);

    public bool TryGetValue(string key, [NotNullWhen(true)] out string? value)
    {
        foreach (KeyValuePair<string, string> pair in Pairs)
        {
            if (string.Equals(pair.Key, key, StringComparison.Ordinal))
            {
                value = pair.Value;
                return true;
            }
        }

        value = null;
        return false;
    }
}
