using ClusterDns.Core.Pipeline;
using Xunit;

namespace ClusterDns.UnitTests.Pipeline;

public sealed class IPAddressValueTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "10.0.0.0", 8)]
    [InlineData("192.0.2.1", "192.0.2.1", 32)]
    [InlineData("0.0.0.0/0", "0.0.0.0", 0)]
    [InlineData("2001:db8::/32", "2001:db8::", 32)]
    [InlineData("::1", "::1", 128)]
    [InlineData("::/0", "::", 0)]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1", 32)]
    [InlineData("::ffff:10.0.0.0/104", "10.0.0.0", 8)]
    [InlineData("::ffff:0:0/96", "0.0.0.0", 0)]
    public void TryParsePrefix_reads_addresses_and_networks(string text, string address, int length)
    {
        Assert.True(IPAddressValue.TryParsePrefix(text, out var prefix, out var read));
        Assert.Equal(address, prefix.ToString());
        Assert.Equal(length, read);
    }

    // A short prefix of a mapped address must not be taken for a prefix of IPv4 addresses.
    [Theory]
    [InlineData("::ffff:10.0.0.0/24")]
    [InlineData("::ffff:10.0.0.0/95")]
    [InlineData("10.0.0.0/33")]
    [InlineData("2001:db8::/129")]
    [InlineData("10.0.0/8")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("example.org")]
    public void TryParsePrefix_refuses_what_is_none(string text) =>
        Assert.False(IPAddressValue.TryParsePrefix(text, out _, out _));
}
