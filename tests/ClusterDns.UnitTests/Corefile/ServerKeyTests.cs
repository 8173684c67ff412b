using ClusterDns.Core.Corefile;
using Xunit;
using static ClusterDns.UnitTests.Corefile.CorefileText;

namespace ClusterDns.UnitTests.Corefile;

public sealed class ServerKeyTests
{
    [Theory]
    [InlineData(".", "dns://.")]
    [InlineData("dns://.:1053", "dns://.:1053")]
    [InlineData("Example.ORG", "dns://example.org.")]
    [InlineData("example.org.:0", "dns://example.org.:0")]
    [InlineData("tls://example.org:65535", "tls://example.org.:65535")]
    [InlineData("quic://example.org", "quic://example.org.")]
    [InlineData("grpc://.", "grpc://.")]
    [InlineData("https://.:8443", "https://.:8443")]
    [InlineData("https3://.", "https3://.")]
    [InlineData("TLS://.", "tls://.")]
    [InlineData("_x.test xn--bcher-kva.test", "dns://_x.test. dns://xn--bcher-kva.test.")]
    [InlineData("0/25.2.0.192.in-addr.arpa", "dns://0/25.2.0.192.in-addr.arpa.")]
    [InlineData("10.0.0.1", "dns://10.0.0.1.")]
    [InlineData("a\\.b.test a\\046b.test", "dns://a\\.b.test. dns://a\\.b.test.")]
    public void Read_gives_scheme_zone_and_port(string key, string expected) =>
        Assert.Equal(expected, Keys($"{key} {{\n}}"));

    [Theory]
    [InlineData("10.0.0.0/8", "10.in-addr.arpa.")]
    [InlineData("10.1.2.3/8", "10.in-addr.arpa.")]
    [InlineData("192.0.2.0/24", "2.0.192.in-addr.arpa.")]
    [InlineData("192.0.2.1/32", "1.2.0.192.in-addr.arpa.")]
    [InlineData("0.0.0.0/0", "in-addr.arpa.")]
    [InlineData("10.0.0.0/15", "0.10.in-addr.arpa. 1.10.in-addr.arpa.")]
    [InlineData("10.7.0.0/14", "4.10.in-addr.arpa. 5.10.in-addr.arpa. 6.10.in-addr.arpa. 7.10.in-addr.arpa.")]
    [InlineData("192.0.2.130/31", "130.2.0.192.in-addr.arpa. 131.2.0.192.in-addr.arpa.")]
    [InlineData("2001:db8::/32", "8.b.d.0.1.0.0.2.ip6.arpa.")]
    [InlineData("2001:db8:5::/47", "4.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa. 5.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.")]
    [InlineData("::/0", "ip6.arpa.")]
    [InlineData("10.0.0/8", "10.0.0/8.")]
    [InlineData("010.0.0.0/8", "010.0.0.0/8.")]
    public void Read_gives_the_reverse_zones_when_the_key_is_an_address_range(string key, string zones)
    {
        ServerBlock block = Assert.Single(Read($"{key}:1053 {{\n}}").Blocks);

        Assert.Equal(zones, string.Join(' ', block.Keys.Select(each => each.Zone)));
        Assert.All(block.Keys, each => Assert.Equal(1053, each.Port));
    }

    [Fact]
    public void Read_gives_a_zone_for_each_address_when_the_range_is_off_every_boundary() =>
        Assert.Equal(
            Enumerable.Range(128, 128).Select(octet => $"{octet}.2.0.192.in-addr.arpa."),
            Read("192.0.2.129/25\n").Blocks[0].Keys.Select(key => key.Zone.ToString()));

    [Fact]
    public void Read_gives_an_IPv6_range_without_a_port() =>
        Assert.Null(Read("2001:db8::/32\n").Blocks[0].Keys[0].Port);

    [Theory]
    [InlineData(".:abc", "a port from 0 to 65535 after the last ':'")]
    [InlineData(".:70000", "a port from 0 to 65535 after the last ':'")]
    [InlineData(".:-1", "a port from 0 to 65535 after the last ':'")]
    [InlineData(".:", "a port from 0 to 65535 after the last ':'")]
    [InlineData("example.org:", "a port from 0 to 65535 after the last ':'")]
    [InlineData("example.org:53:54", "a zone, or an address range with its prefix length")]
    [InlineData("2001:db8::1", "a zone, or an address range with its prefix length")]
    [InlineData("10.0.0.0/33", "a prefix length that fits the address")]
    [InlineData("10.0.0.0/x", "a prefix length that fits the address")]
    [InlineData("2001:db8::/129", "a prefix length that fits the address")]
    [InlineData("ftp://example.org", "a scheme among dns, tls, quic, grpc, https, https3")]
    [InlineData("://example.org", "a scheme among dns, tls, quic, grpc, https, https3")]
    [InlineData(":53", "a zone: it is empty")]
    [InlineData("tls://", "a zone: it is empty")]
    [InlineData("@", "a zone")]
    [InlineData("..", "a zone: it has an empty label")]
    [InlineData("a..b", "a zone: it has an empty label")]
    [InlineData("example.org{", "a space before '{'")]
    [InlineData("aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggg", "a zone: it has a label longer than 63 octets")]
    public void Read_refuses_a_key(string key, string expected) => Assert.Equal(
        $"Corefile:2: found '{key}', expected {expected}", ReadError($"\n{key} {{\n}}\n").Message);

    [Fact]
    public void Read_refuses_a_snippet_among_zones() => Assert.Equal(
        "Corefile:1: found '(a)', expected a zone, or a snippet with no zone beside it",
        ReadError("b.test (a) {\n}").Message);

    [Theory]
    [InlineData("dns", 1053)]
    [InlineData("tls", 853)]
    [InlineData("quic", 853)]
    [InlineData("grpc", 443)]
    [InlineData("https", 443)]
    [InlineData("https3", 443)]
    public void PortOr_gives_the_default_of_the_scheme_when_the_key_names_no_port(string scheme, int port)
    {
        Assert.Equal(port, Read($"{scheme}://.\n").Blocks[0].Keys[0].PortOr(1053));
        Assert.Equal(5, Read($"{scheme}://.:5\n").Blocks[0].Keys[0].PortOr(1053));
    }

    [Theory]
    [InlineData("a.test, {\n}", "Corefile:1: found '{', expected another zone after the comma")]
    [InlineData("a.test,\n", "Corefile:1: found 'a.test,', expected another zone after the comma")]
    [InlineData("a.test,\n{\n}", "Corefile:2: found '{', expected another zone after the comma")]
    public void Read_refuses_a_comma_with_nothing_after_it(string text, string message) =>
        Assert.Equal(message, ReadError(text).Message);

    // Only the end of a line continues the list; whoever knows the directives refuses this one.
    [Fact]
    public void Read_takes_a_comma_at_the_start_of_a_line_as_a_directive() =>
        Assert.Equal(", b.test()", Directives("a.test\n, b.test {\n}"));
}
