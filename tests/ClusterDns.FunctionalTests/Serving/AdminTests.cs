using System.Text.RegularExpressions;
using Xunit;

namespace ClusterDns.FunctionalTests.Serving;

/// <summary>The probes and the scrape of a cluster's monitoring find what they find with CoreDNS.</summary>
public sealed class AdminTests(KubeadmServer server) : IClassFixture<KubeadmServer>
{
    [Fact]
    public async Task Probes_are_answered()
    {
        Assert.Equal((200, "OK"), await KubeadmServer.GetAsync(server.HealthPort, "/health"));
        Assert.Equal((200, "OK"), await KubeadmServer.GetAsync(server.ReadyPort, "/ready"));
        Assert.Equal(404, (await KubeadmServer.GetAsync(server.HealthPort, "/other")).Status);
    }

    [Fact]
    public async Task Metrics_count_what_was_asked()
    {
        double before = await RequestsAsync();
        await server.Dns.AskAsync("web.demo.svc.cluster.local.", "A");
        await server.Dns.AskAsync("www.example.test.", "A");
        Assert.Equal(before + 2, await RequestsAsync());
        (int status, string text) = await KubeadmServer.GetAsync(server.MetricsPort, "/metrics");
        Assert.Equal(200, status);
        foreach (string name in (string[])
            ["coredns_build_info", "coredns_dns_request_duration_seconds_bucket", "coredns_dns_responses_total",
                "coredns_forward_max_concurrent_rejects_total", "coredns_cache_entries", "coredns_plugin_enabled"])
        {
            Assert.Matches($@"(?m)^{name}(\{{| )", text);
        }
    }

    private async Task<double> RequestsAsync()
    {
        (_, string text) = await KubeadmServer.GetAsync(server.MetricsPort, "/metrics");
        return Regex.Matches(text, @"(?m)^coredns_dns_requests_total\{[^}]*type=""A""[^}]*\} (\S+)$")
            .Sum(static m => double.Parse(m.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture));
    }
}
