using System.Text;

namespace ClusterDns.Testing.Backends;

/// <summary>What was asked.</summary>
/// <param name="Query">With its question mark; "" without one.</param>
internal sealed record DoubleRequest(
    string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, byte[] Octets)
{
    public string Body => Encoding.UTF8.GetString(Octets);

    /// <summary>"" where there is no such header.</summary>
    public string Header(string name) => Headers.GetValueOrDefault(name, "");

    /// <summary>The members of a form; none where the body is something else.</summary>
    public IReadOnlyDictionary<string, string> Form => Body.Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(static pair => pair.Split('=', 2))
        .Where(static pair => pair.Length == 2)
        .ToDictionary(static pair => Uri.UnescapeDataString(pair[0]), static pair => Uri.UnescapeDataString(pair[1].Replace('+', ' ')));
}
