using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using ClusterDns.Conformance.Cases;

namespace ClusterDns.Conformance.Comparing;

/// <summary>Whether a reply is the recorded one, and what differs where it is not.</summary>
internal static class Agreement
{
    public static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] Sections = ["answer", "authority", "additional", "transfer"];

    /// <summary>Both replies already masked.</summary>
    public static bool Holds(JsonObject want, JsonObject got, ConformanceCase c)
    {
        if (c.Has("times") && want.ContainsKey("first") && want.ContainsKey("set"))
        {
            return TallyHolds(want, got);
        }

        if (JsonNode.DeepEquals(want, got))
        {
            return true;
        }

        return c.Text("ttl") is "range"
            && JsonNode.DeepEquals(ReplyMasks.WithoutTtls(want, c), ReplyMasks.WithoutTtls(got, c))
            && Sections.All(s => TtlsAreNear(want[s] as JsonArray, got[s] as JsonArray));
    }

    /// <summary>The keys that differ, two lines each.</summary>
    public static string Differences(JsonObject want, JsonObject got)
    {
        if (got.ContainsKey("none"))
        {
            return $"   want {Show(want)}\n    got {Show(got)}\n";
        }

        StringBuilder text = new();
        foreach (string key in want.Concat(got).Select(static p => p.Key).Distinct().Order(StringComparer.Ordinal))
        {
            if (!JsonNode.DeepEquals(want[key], got[key]))
            {
                string blank = new(' ', key.Length);
                text.Append(CultureInfo.InvariantCulture, $"   {key}: want {Show(want[key])}\n   {blank}   got {Show(got[key])}\n");
            }
        }

        return text.ToString();
    }

    private static string Show(JsonNode? node) => node?.ToJsonString(Readable) ?? "nothing";

    private static bool TallyHolds(JsonObject want, JsonObject got)
    {
        if (!JsonNode.DeepEquals(want["set"], got["set"]) || got["first"] is not JsonObject counted)
        {
            return false;
        }

        return counted.All(p => want["first"]?[p.Key] is JsonArray range
            && (int?)p.Value >= (int?)range[0] && (int?)p.Value <= (int?)range[1]);
    }

    // A TTL may have aged by one second more or less than in the recording.
    private static bool TtlsAreNear(JsonArray? want, JsonArray? got)
    {
        if (want is null || got is null)
        {
            return true;
        }

        return Ordered(want).Zip(Ordered(got), static (w, g) => Math.Abs(w.Ttl - g.Ttl) <= 1).All(static near => near);
    }

    private static IEnumerable<(string Line, long Ttl)> Ordered(JsonArray lines) =>
        lines.Select(static l => $"{l}")
            .Select(static l => (ReplyMasks.WithoutTtl(l), long.Parse(l.Split(' ')[1], CultureInfo.InvariantCulture)))
            .OrderBy(static l => l.Item1, StringComparer.Ordinal).ThenBy(static l => l.Item2);
}
