using System.Globalization;

namespace ClusterDns.Testing.Upstream;

/// <summary>What the labels of a scripted name say: <c>key</c> or <c>key-value</c>, the first of a key counts.</summary>
internal sealed class ActOptions
{
    private readonly Dictionary<string, string> _values = [];

    public ActOptions(IEnumerable<string> labels)
    {
        foreach (string label in labels)
        {
            string[] pair = label.Split('-', 2);
            _values.TryAdd(pair[0], pair.Length == 1 ? "" : pair[1]);
        }
    }

    public string this[string key] => _values.GetValueOrDefault(key, "");

    public bool Has(string key) => _values.ContainsKey(key);

    public void Remove(string key) => _values.Remove(key);

    public int Number(string key, int otherwise) =>
        _values.TryGetValue(key, out string? value) ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;

    /// <summary>Two-letter words that stand together in one value, e.g. <c>fl-aaad</c>.</summary>
    public IEnumerable<string> Pairs(string key) =>
        this[key].Chunk(2).Where(static p => p.Length == 2).Select(static p => new string(p).ToUpperInvariant());

    /// <summary>What counts once <c>live-N</c> is used up: what <c>then-…</c> says, silence where it says nothing.</summary>
    public ActOptions Then()
    {
        string[] words = (Has("then") ? this["then"] : "drop").Split('-');
        string first = words.Length > 1 ? $"{words[0]}-{words[1]}" : words[0];
        IEnumerable<string> labels = [first, $"ttl-{Number("ttl", 60)}"];
        return new ActOptions(words.Contains("soa") ? labels.Append("soa-60") : labels);
    }
}
