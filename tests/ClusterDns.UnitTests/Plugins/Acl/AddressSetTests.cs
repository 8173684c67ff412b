using System.Diagnostics;
using System.Net;
using ClusterDns.Core.Pipeline;
using ClusterDns.Plugins.Acl;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Acl;

public sealed class AddressSetTests
{
    [Theory]
    [InlineData("9.255.255.255", false)]
    [InlineData("10.0.0.0", true)]
    [InlineData("10.255.255.255", true)]
    [InlineData("11.0.0.0", false)]
    [InlineData("192.0.2.1", true)]
    [InlineData("192.0.2.2", false)]
    [InlineData("255.255.255.255", true)]
    [InlineData("::10.0.0.1", false)]
    [InlineData("::ffff:10.0.0.1", true)]
    [InlineData("2001:db8::", true)]
    [InlineData("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db9::", false)]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true)]
    public void Holds_the_addresses_of_its_prefixes(string address, bool expected) => Assert.Equal(
        expected,
        Set("10.0.0.0/8", "192.0.2.1", "255.255.255.254/31", "2001:db8::/32", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128")
            .Contains(IPAddressValue.From(IPAddress.Parse(address))));

    [Theory]
    [InlineData("0.0.0.0/0", "203.0.113.7", true)]
    [InlineData("0.0.0.0/0", "2001:db8::7", false)]
    [InlineData("::/0", "2001:db8::7", true)]
    [InlineData("::/0", "203.0.113.7", false)]
    [InlineData("::/0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true)]
    public void Keeps_the_families_apart(string prefix, string address, bool expected) =>
        Assert.Equal(expected, Set(prefix).Contains(IPAddressValue.From(IPAddress.Parse(address))));

    [Fact]
    public void Joins_prefixes_that_touch_or_overlap()
    {
        var ranges = new AddressRanges(Prefixes("10.1.0.0/16", "10.0.0.0/16", "10.0.3.0/24", "10.2.0.0/15", "10.5.0.0/16"), width: 32);
        Assert.Equal(2, ranges.Count);
    }

    // Each answer against a search through all prefixes, one by one.
    [Fact]
    public void Agrees_with_a_search_one_by_one()
    {
        var random = new Random(20260101);
        var prefixes = Enumerable.Range(0, 300)
            .Select(_ => (IPAddressValue.FromIPv4(RandomOctets(random)), random.Next(8, 33)))
            .ToArray();
        var set = new AddressSet(prefixes);
        for (var round = 0; round < 20_000; round++)
        {
            var (near, length) = prefixes[random.Next(prefixes.Length)];
            var bits = (uint)near.Bits + (uint)random.Next(-2, 3) + (random.Next(2) == 0 ? 0 : 1u << (32 - Math.Max(1, length)));
            var address = IPAddressValue.FromIPv4([(byte)(bits >> 24), (byte)(bits >> 16), (byte)(bits >> 8), (byte)bits]);

            Assert.Equal(prefixes.Any(prefix => address.IsIn(prefix.Item1, prefix.Item2)), set.Contains(address));
        }
    }

    // Fifty thousand networks: a search through all of them would take several times as long as is allowed here, which is a
    // hundred times what it takes. The best of many short rounds counts: no busy machine interrupts them all.
    [Fact]
    public void Finds_quickly_in_a_long_list()
    {
        var set = new AddressSet([.. Enumerable.Range(0, 50_000)
            .Select(static number => (IPAddressValue.FromIPv4([(byte)(number >> 8), (byte)number, 0, 0]), 24))]);
        var address = IPAddressValue.FromIPv4([200, 1, 0, 7]);
        var least = TimeSpan.MaxValue;
        for (var round = 0; round < 50; round++)
        {
            var started = Stopwatch.GetTimestamp();
            for (var search = 0; search < 2_000; search++)
            {
                Assert.False(set.Contains(address));
            }

            var took = Stopwatch.GetElapsedTime(started);
            least = took < least ? took : least;
        }

        Assert.InRange(least, TimeSpan.Zero, TimeSpan.FromMilliseconds(20));
    }

    private static byte[] RandomOctets(Random random) => [(byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)];

    private static AddressSet Set(params string[] prefixes) => new([.. Prefixes(prefixes)]);

    private static IEnumerable<(IPAddressValue, int)> Prefixes(params string[] prefixes) => prefixes.Select(static text =>
    {
        Assert.True(IPAddressValue.TryParsePrefix(text, out var prefix, out var length));
        return (prefix, length);
    });
}
