using System.Net;
using ClusterDns.Core.Corefile;
using ClusterDns.Plugins.Forward;
using ClusterDns.Protocol.Messages;
using ClusterDns.Testing.Chains;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Forward;

public sealed class ForwardDirectiveTests
{
    [Theory]
    [InlineData("10.0.0.1", UpstreamProtocol.Dns, "10.0.0.1:53", null)]
    [InlineData("dns://10.0.0.1:5353", UpstreamProtocol.Dns, "10.0.0.1:5353", null)]
    [InlineData("2001:db8::1", UpstreamProtocol.Dns, "[2001:db8::1]:53", null)]
    [InlineData("[2001:db8::1]:54", UpstreamProtocol.Dns, "[2001:db8::1]:54", null)]
    [InlineData("tls://9.9.9.9", UpstreamProtocol.Tls, "9.9.9.9:853", null)]
    [InlineData("tls://9.9.9.9:8853%dns.quad9.net", UpstreamProtocol.Tls, "9.9.9.9:8853", null)]
    [InlineData("tls://9.9.9.9%dns.quad9.net", UpstreamProtocol.Tls, "9.9.9.9:853", "dns.quad9.net")]
    [InlineData("tls://[2620:fe::fe]%dns.quad9.net", UpstreamProtocol.Tls, "[2620:fe::fe]:853", "dns.quad9.net")]
    [InlineData("https://9.9.9.9", UpstreamProtocol.Https, "9.9.9.9:443", null)]
    internal void An_upstream_has_a_protocol_an_address_and_perhaps_a_name(
        string text, UpstreamProtocol protocol, string endPoint, string? serverName)
    {
        var upstream = Assert.Single(Read($"forward . {text}").Upstreams);

        Assert.Equal(protocol, upstream.Protocol);
        Assert.Equal(endPoint, upstream.EndPoint.ToString());
        if (!text.Contains(":8853", StringComparison.Ordinal))
        {
            Assert.Equal(serverName, upstream.ServerName);
        }
    }

    [Fact]
    public void Every_option_is_read()
    {
        var options = Read("""
            forward Example.ORG 10.0.0.1 10.0.0.2 10.0.0.1 {
                except a.example.org b.example.org
                force_tcp
                prefer_udp
                expire 20s
                max_age 1m
                max_idle_conns 3
                read_timeout 300ms
                max_fails 4
                max_connect_attempts 5
                tls
                tls_servername dns.test
                policy round_robin
                health_check 5s no_rec domain probe.test
                max_concurrent 6
                next NXDOMAIN REFUSED
                next_on_nodata
                failfast_all_unhealthy_upstreams
                failover SERVFAIL
                doh_method GET
                resolver 10.0.0.53
                source_address 127.0.0.1
            }
            """);

        Assert.Equal("example.org.", options.From.ToString());
        Assert.Equal(["10.0.0.1:53", "10.0.0.2:53"], options.Upstreams.Select(static upstream => upstream.ToString()));
        Assert.Equal(2, options.Except?.Count);
        Assert.True(options is { ForceTcp: true, PreferUdp: true, NextOnNoData: true, FailFast: true, HttpGet: true, HealthRecursion: false });
        Assert.Equal(
            (20, 60, 0.3, 5),
            (options.Expire.TotalSeconds, options.MaxAge.TotalSeconds, options.ReadTimeout.TotalSeconds, options.HealthInterval.TotalSeconds));
        Assert.Equal(
            (3, 4, 5, 6),
            (options.MaxIdleConnections, options.MaxFails, options.MaxConnectAttempts!.Value, options.MaxConcurrent));
        Assert.Equal(UpstreamPolicy.RoundRobin, options.Policy);
        Assert.Equal("probe.test.", options.HealthName.ToString());
        Assert.Equal(IPAddress.Loopback, options.SourceAddress);
        Assert.True(options.NextCodes.Contains(ResponseCode.Refused));
        Assert.False(options.NextCodes.Contains(ResponseCode.ServFail));
        Assert.True(options.FailoverCodes.Contains(ResponseCode.ServFail));
    }

    [Fact]
    public void The_name_servers_of_a_file_are_upstreams_and_nothing_else_in_it_counts()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "# nameserver 10.9.9.9\nsearch a.test\nnameserver\t10.0.0.1\noptions rotate\nnameserver fe80::1%eth0\nnameserver x\n");
            Assert.Equal(
                ["10.0.0.1:53", "[fe80::1]:53"], Read($"forward . {path}").Upstreams.Select(static upstream => upstream.ToString()));

            File.WriteAllText(path, "search a.test\n");
            Assert.Contains("no valid upstream addresses found", Fails($"forward . {path}"), StringComparison.Ordinal);
            Assert.Single(Read($"forward . {path} 10.0.0.1").Upstreams);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("forward")]
    [InlineData("forward .")]
    [InlineData("forward . 10.0.0.1:0")]
    [InlineData("forward . 10.0.0.1:65536")]
    [InlineData("forward . quic://10.0.0.1")]
    [InlineData("forward . https://10.0.0.1/dns-query")]
    [InlineData("forward . tls://10.0.0.1%")]
    [InlineData("forward . /no/such/file")]
    [InlineData("forward . tls://10.0.0.1%a.test {\n tls_servername b.test\n}")]
    [InlineData("forward . 10.0.0.1 {\n nothing\n}")]
    [InlineData("forward . 10.0.0.1 {\n policy nothing\n}")]
    [InlineData("forward . 10.0.0.1 {\n max_age 1s\n}")]
    [InlineData("forward . 10.0.0.1 {\n expire x\n}")]
    [InlineData("forward . 10.0.0.1 {\n read_timeout 0s\n}")]
    [InlineData("forward . 10.0.0.1 {\n health_check 1s domain\n}")]
    [InlineData("forward . 10.0.0.1 {\n max_concurrent -1\n}")]
    [InlineData("forward . 10.0.0.1 {\n next NOCODE\n}")]
    [InlineData("forward . 10.0.0.1 {\n failover NOERROR\n}")]
    [InlineData("forward . 10.0.0.1 {\n tls /no/such/file\n}")]
    [InlineData("forward . 10.0.0.1 {\n doh_method PUT\n}")]
    [InlineData("forward . 10.0.0.1 {\n force_tcp now\n}")]
    public void A_mistake_names_its_line(string directive) => Assert.Matches(@"^Corefile:\d+: ", Fails(directive));

    [Fact]
    public void More_than_fifteen_upstreams_are_too_many()
    {
        var fifteen = string.Join(' ', Enumerable.Range(1, 15).Select(static n => $"10.0.0.{n}"));

        Assert.Equal(15, Read($"forward . {fifteen}").Upstreams.Count);
        Assert.Contains("more than 15 TOs configured: 16", Fails($"forward . {fifteen} 10.0.0.16"), StringComparison.Ordinal);
    }

    private static string Fails(string directive) => Assert.Throws<CorefileException>(() => Read(directive)).Message;

    private static ForwardOptions Read(string directive)
    {
        var document = CorefileReader.ReadText($".:53 {{\n{directive}\n}}\n", "Corefile", static _ => null);
        var chain = new ChainHarness(".:53 {\n whoami\n}\n");
        return ForwardDirective.Read(document.Blocks[0].DirectivesNamed("forward")[0], chain.Block);
    }
}
