using System.Globalization;
using System.Text.Json.Nodes;
using ClusterDns.Testing;

namespace ClusterDns.Conformance.Cases;

/// <summary>One line of <c>cases.jsonl</c>: a question or a step, and the recorded reply.</summary>
internal sealed class ConformanceCase(int index, JsonObject json)
{
    private static readonly string[] NotShown = ["q", "t", "reply"];

    public int Index { get; } = index;

    public JsonObject Json { get; } = json;

    public JsonObject Reply => Json["reply"] as JsonObject ?? [];

    public string Type => Text("t") ?? "";

    /// <summary>Cases of one group depend on each other and are asked in their order.</summary>
    public string? Group => Text("g");

    public IEnumerable<string> Masks => Json["mask"] is JsonArray masks ? masks.Select(static m => $"{m}") : [];

    public bool IsTransfer => Type is "AXFR" or "IXFR";

    public bool Has(string key) => Json.ContainsKey(key);

    /// <summary>Whether the key stands for yes: the recordings write 1.</summary>
    public bool Is(string key) => Number(key, 0) != 0;

    public string? Text(string key) => Json[key]?.ToString();

    public int Number(string key, int otherwise) =>
        Text(key) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    public TimeSpan Milliseconds(string key, int otherwise) => TimeSpan.FromMilliseconds(Number(key, otherwise));

    /// <summary>Everything but the reply: what makes two cases the same question.</summary>
    public JsonObject Identity()
    {
        JsonObject identity = (JsonObject)Json.DeepClone();
        identity.Remove("reply");
        return identity;
    }

    /// <summary>
    /// How long to wait for something to come back. Where nothing is to come that is the case's affair; what does come, late on a busy
    /// machine, is judged by what it says.
    /// </summary>
    /// <param name="otherwise">Milliseconds, where the case says nothing.</param>
    public TimeSpan TimeToReply(int otherwise) =>
        Reply.ContainsKey("none") ? Milliseconds("timeout_ms", otherwise) : Patience.Limit / 3;

    public override string ToString()
    {
        IEnumerable<string> rest = Json.Where(static p => !NotShown.Contains(p.Key)).Select(static p => $"{p.Key}={p.Value?.ToJsonString()}");
        return $"#{Index} {Text("q")} {Type} {string.Join(' ', rest)}".TrimEnd();
    }
}
