using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;

namespace ClusterDns.Plugins.Prometheus;

/// <summary>What a scrape gets: the registry's families and the process's own, by name.</summary>
internal sealed class MetricsPage(MetricRegistry registry)
{
    private const string ContentType = "text/plain; version=0.0.4; charset=utf-8; escaping=underscores";

    private int _lastLength = 16 * 1024;

    public HttpReply Render()
    {
        var text = new TextExposition(_lastLength + 1024);
        var families = registry.Families.Concat(ProcessFamilies.Read()).OrderBy(static family => family.Name, StringComparer.Ordinal);
        foreach (var family in families)
        {
            text.Append(family);
        }

        var body = text.Written;
        _lastLength = body.Length;
        return new HttpReply(200, ContentType, body);
    }
}
