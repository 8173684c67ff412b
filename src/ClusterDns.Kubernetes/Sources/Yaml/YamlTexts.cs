namespace ClusterDns.Kubernetes.Sources.Yaml;

/// <summary>
/// Makes strings, and the same string for the same short text where that came up lately: manifests repeat few words.
/// </summary>
internal sealed class YamlTexts
{
    private const int Slots = 1024; // a power of two
    private const int LongestShared = 40;

    private readonly string?[] _slots = new string?[Slots];

    public string Get(ReadOnlySpan<char> text)
    {
        if (text.Length > LongestShared)
        {
            return new string(text);
        }

        // Whoever has texts made that meet in one slot gains nothing but strings of his own.
        int hash = text.Length;
        foreach (char unit in text)
        {
            hash = (hash * 31) + unit;
        }

        ref string? slot = ref _slots[(hash ^ (hash >> 10)) & (Slots - 1)];
        return slot is not null && text.SequenceEqual(slot) ? slot : slot = new string(text);
    }
}
