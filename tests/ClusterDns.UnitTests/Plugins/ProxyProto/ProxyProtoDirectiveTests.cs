using System.Net;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Plugins.ProxyProto;
using ClusterDns.Testing.Chains;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.ProxyProto;

public sealed class ProxyProtoDirectiveTests
{
    [Theory]
    [InlineData("proxyproto", "192.0.2.1", "Use")]
    [InlineData("proxyproto {\n}", "2001:db8::1", "Use")]
    [InlineData("proxyproto {\ndefault skip\n}", "192.0.2.1", "Skip")]
    [InlineData("proxyproto {\ndefault REJECT\n}", "192.0.2.1", "Reject")]
    [InlineData("proxyproto {\nallow 10.0.0.0/8\n}", "10.255.0.1", "Use")]
    [InlineData("proxyproto {\nallow 10.0.0.0/8\n}", "11.0.0.1", "Ignore")]
    [InlineData("proxyproto {\nallow 10.0.0.0/8\n}", "::ffff:10.0.0.1", "Use")]
    [InlineData("proxyproto {\nallow 10.0.0.0/8\n}", "2001:db8::1", "Ignore")]
    [InlineData("proxyproto {\nallow 10.0.0.0/8 2001:db8::/32\nallow 192.0.2.1/32\ndefault reject\n}", "192.0.2.1", "Use")]
    [InlineData("proxyproto {\nallow 10.0.0.0/8 2001:db8::/32\ndefault reject\n}", "2001:db8::1", "Use")]
    [InlineData("proxyproto {\nallow 10.0.0.0/8 2001:db8::/32\ndefault reject\n}", "192.0.2.2", "Reject")]
    [InlineData("proxyproto {\nallow 0.0.0.0/0\ndefault ignore\n}", "192.0.2.2", "Use")]
    public void PolicyFor_trusts_whom_the_Corefile_lists(string text, string peer, string policy)
    {
        Assert.Equal(policy, Configure(text).PolicyFor(IPAddressValue.From(IPAddress.Parse(peer))).ToString());
    }

    [Theory]
    [InlineData("proxyproto", 0, 10_240)]
    [InlineData("proxyproto {\nudp_session_tracking 28s\n}", 28, 10_240)]
    [InlineData("proxyproto {\nudp_session_tracking 1m 5\n}", 60, 5)]
    [InlineData("proxyproto {\nudp_session_tracking 0s\n}", 0, 10_240)]
    public void Configure_reads_how_long_sessions_last(string text, int seconds, int most)
    {
        var options = Configure(text);

        Assert.Equal(TimeSpan.FromSeconds(seconds), options.SessionLifetime);
        Assert.Equal(most, options.MaxSessions);
    }

    [Theory]
    [InlineData("proxyproto use")]
    [InlineData("proxyproto\nproxyproto")]
    [InlineData("proxyproto {\nallow 10.0.0.1\n}")]
    [InlineData("proxyproto {\nallow 10.0.0.0/33\n}")]
    [InlineData("proxyproto {\nallow everyone\n}")]
    [InlineData("proxyproto {\ndefault\n}")]
    [InlineData("proxyproto {\ndefault trust\n}")]
    [InlineData("proxyproto {\ndefault use ignore\n}")]
    [InlineData("proxyproto {\nudp_session_tracking\n}")]
    [InlineData("proxyproto {\nudp_session_tracking soon\n}")]
    [InlineData("proxyproto {\nudp_session_tracking 28s 0\n}")]
    [InlineData("proxyproto {\nudp_session_tracking 28s 1 2\n}")]
    [InlineData("proxyproto {\ndeny 10.0.0.0/8\n}")]
    public void Configure_refuses_what_it_cannot_read(string text)
    {
        Assert.Throws<CorefileException>(() => Configure(text));
    }

    private static ProxyProtoOptions Configure(string text) =>
        new ChainHarness($".:53 {{\n{text}\nwhoami\n}}\n").Block.Find<ProxyProtoOptions>()!;
}
