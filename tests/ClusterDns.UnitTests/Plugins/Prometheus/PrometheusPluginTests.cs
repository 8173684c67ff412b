using System.Text;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;
using ClusterDns.Server.Admin;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Transports;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Prometheus;

public sealed class PrometheusPluginTests
{
    private const string Corefile = "example.org:53 {\n prometheus 127.0.0.1:0\n whoami\n}\n";

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task A_query_counts_once_in_each_family()
    {
        var chain = new ChainHarness(Corefile, time: _time);
        await chain.AskAsync("www.example.org");
        await chain.AskAsync("www.example.org", RecordType.LOC, edns: 1232, dnssecOk: true);
        var text = Scrape(chain);
        Assert.Contains(
            "\ncoredns_dns_requests_total{family=\"1\",proto=\"udp\",server=\"dns://:53\",type=\"A\",view=\"\",zone=\"example.org.\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains(
            "\ncoredns_dns_requests_total{family=\"1\",proto=\"udp\",server=\"dns://:53\",type=\"other\",view=\"\",zone=\"example.org.\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains(
            "\ncoredns_dns_responses_total{plugin=\"whoami\",rcode=\"NOERROR\",server=\"dns://:53\",view=\"\",zone=\"example.org.\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("\ncoredns_dns_do_requests_total{server=\"dns://:53\",view=\"\",zone=\"example.org.\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains(
            "\ncoredns_dns_request_size_bytes_sum{proto=\"udp\",server=\"dns://:53\",view=\"\",zone=\"example.org.\"} 77\n", text, StringComparison.Ordinal);
        Assert.Contains("\ncoredns_build_info{", text, StringComparison.Ordinal);
        Assert.Contains("\nprocess_resident_memory_bytes ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_time_is_that_from_reading_to_the_response()
    {
        var slow = new FakeHandler(query =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(3));
            query.Response.Fail(ResponseCode.Refused, "fake");
        });
        var chain = new ChainHarness(".:53 {\n prometheus 127.0.0.1:0\n}\n", slow, _time);
        await chain.AskAsync("www.example.org");
        var text = Scrape(chain);
        Assert.Contains("view=\"\",zone=\".\",le=\"0.002\"} 0\n", text, StringComparison.Ordinal);
        Assert.Contains("view=\"\",zone=\".\",le=\"0.004\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("coredns_dns_request_duration_seconds_sum{server=\"dns://:53\",view=\"\",zone=\".\"} 0.003\n", text, StringComparison.Ordinal);

        // A bare code is nobody's response.
        Assert.Contains("coredns_dns_responses_total{plugin=\"\",rcode=\"REFUSED\",", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_that_waited_counts_as_well()
    {
        var later = new TaskCompletionSource();
        var chain = new ChainHarness(".:53 {\n prometheus 127.0.0.1:0\n}\n", new FakeHandler(async query =>
        {
            await later.Task;
            query.Response.Begin("fake", authoritative: false, ResponseCode.NXDomain);
        }));
        var asking = chain.AskAsync("www.example.org");
        Assert.DoesNotContain("coredns_dns_requests_total{", Scrape(chain), StringComparison.Ordinal);
        later.SetResult();
        await asking;
        Assert.Contains("rcode=\"NXDOMAIN\",server=\"dns://:53\",view=\"\",zone=\".\"} 1\n", Scrape(chain), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_no_block_serves_counts_as_dropped()
    {
        var chain = new ChainHarness(Corefile);
        await chain.AskAsync("www.example.com");
        var text = Scrape(chain);
        Assert.Contains("type=\"A\",view=\"\",zone=\"dropped\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("rcode=\"REFUSED\",server=\"dns://:53\",view=\"\",zone=\"dropped\"} 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Counting_allocates_nothing()
    {
        var chain = new ChainHarness(".:53 {\n prometheus 127.0.0.1:0\n}\n", TransportHarness.Address);
        Assert.Equal(0, chain.MeasureAllocation("www.example.org"));
    }

    [Fact]
    public async Task Two_blocks_share_an_address()
    {
        var endpoints = new HttpEndpoints();
        endpoints.Map(new HttpAddress(null, 9153), "/metrics", static () => HttpReply.Text(200, "1"));
        endpoints.Map(new HttpAddress(null, 9153), "/metrics", static () => HttpReply.Text(200, "2"));
        var reply = await Assert.Single(endpoints.Take()).Value["/metrics"]("", TestContext.Current.CancellationToken);
        Assert.Equal("2", Encoding.UTF8.GetString(reply.Body.Span));
        Assert.Empty(endpoints.Take());
    }

    private static string Scrape(ChainHarness chain)
    {
        var reply = chain.Get("/metrics");
        Assert.Equal(200, reply.Status);
        Assert.StartsWith("text/plain; version=0.0.4", reply.ContentType, StringComparison.Ordinal);
        return "\n" + Encoding.UTF8.GetString(reply.Body.Span);
    }
}
