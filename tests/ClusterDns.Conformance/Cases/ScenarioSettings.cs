using System.Globalization;
using System.Text.Json.Nodes;

namespace ClusterDns.Conformance.Cases;

/// <summary>What a scenario's <c>scenario.json</c> changes; nothing where there is none.</summary>
internal sealed class ScenarioSettings(JsonObject json)
{
    /// <summary>The variable with the port that serves <c>/metrics</c>, where they are compared.</summary>
    public string? MetricsPort => json["metrics"]?.ToString();

    public bool ComparesLog => json["log"]?.GetValue<bool>() ?? false;

    public string? ClusterFile => json["cluster"]?.ToString();

    /// <summary>
    /// The API appears some seconds after the server's start, which is when the server stops waiting for it: here it appears at the first
    /// question that waits, or a slow machine would ask the ones in front of that too late.
    /// </summary>
    public bool IsApiLate => json["api_delay_ms"] is not null;

    /// <summary>How long the server is left alone before the first question.</summary>
    public TimeSpan? Settle => Milliseconds("settle_ms");

    public IEnumerable<(string Name, string Value)> Environment =>
        json["env"] is JsonObject env ? env.Select(static p => (p.Key, $"{p.Value}")) : [];

    public static ScenarioSettings Read(string folder)
    {
        string path = Path.Combine(folder, "scenario.json");
        return new ScenarioSettings(File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? [] : []);
    }

    /// <summary>Zones of the upstream at that port besides <c>example.com</c>: origin and file in the folder.</summary>
    public IEnumerable<(string Origin, string File)> Zones(string portVariable) =>
        json["zones"]?[portVariable] is JsonObject zones ? zones.Select(static p => (p.Key, $"{p.Value}")) : [];

    private TimeSpan? Milliseconds(string key) =>
        json[key] is { } value ? TimeSpan.FromMilliseconds(double.Parse($"{value}", CultureInfo.InvariantCulture)) : null;
}
