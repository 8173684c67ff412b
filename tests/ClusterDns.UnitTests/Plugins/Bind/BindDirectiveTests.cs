using System.Net;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Plugins.Bind;
using ClusterDns.Testing.Chains;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Bind;

public sealed class BindDirectiveTests
{
    [Theory]
    [InlineData("bind 127.0.0.1", "127.0.0.1")]
    [InlineData("bind 127.0.0.1 ::1", "127.0.0.1 ::1")]
    [InlineData("bind 127.0.0.1\nbind ::1 127.0.0.1", "127.0.0.1 ::1")]
    [InlineData("bind 0.0.0.0 ::", "0.0.0.0 ::")]
    [InlineData("bind net0", "192.0.2.1 2001:db8::1")]
    [InlineData("bind net0 127.0.0.1 {\nexcept 2001:db8:0:0::1\n}", "192.0.2.1 127.0.0.1")]
    [InlineData("bind net0 127.0.0.1 {\nexcept net0\n}", "127.0.0.1")]
    public void Configure_finds_the_addresses(string text, string addresses)
    {
        Assert.Equal(addresses.Split(' ').Select(IPAddress.Parse), Configure(text));
    }

    [Theory]
    [InlineData("bind", "Corefile:2: plugin/bind: at least one address or interface name is expected")]
    [InlineData("bind 127.1", "Corefile:2: plugin/bind: not a valid IP address or interface name: \"127.1\"")]
    [InlineData("bind 256.0.0.1", "\"256.0.0.1\"")]
    [InlineData("bind net1", "\"net1\"")]
    [InlineData("bind net0 {\nexcept\n}", "Corefile:3: ")]
    [InlineData("bind net0 {\nwithout ::1\n}", "found unknown property 'without' of bind, expected except")]
    [InlineData("bind ::1 {\nexcept ::1\n}", "Corefile:2: plugin/bind: no address is left to listen on")]
    public void Configure_refuses_what_is_no_address(string text, string error)
    {
        var refused = Assert.Throws<CorefileException>(() => Configure(text));

        Assert.Contains(error, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Configure_asks_the_system_for_interfaces()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the loopback interface has other names elsewhere");

        Assert.Contains(IPAddress.Loopback, new ChainHarness(".:53 {\n bind lo\n whoami\n}\n").Block.BindAddresses);
    }

    private static List<IPAddress> Configure(string text)
    {
        var document = CorefileReader.ReadText($".:53 {{\n{text}\n}}\n", "Corefile", static _ => null);
        var block = new BlockContext(document.Blocks[0], new ChainHarness(".:53 {\n whoami\n}\n").Services);
        BindDirective.Configure(
            block.Block.DirectivesNamed("bind"),
            block,
            static name => name == "net0" ? [IPAddress.Parse("192.0.2.1"), IPAddress.Parse("2001:db8::1")] : null);
        return block.BindAddresses;
    }
}
