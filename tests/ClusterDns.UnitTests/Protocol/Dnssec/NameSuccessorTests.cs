using ClusterDns.Protocol.Dnssec;
using ClusterDns.Protocol.Names;
using Xunit;

namespace ClusterDns.UnitTests.Protocol.Dnssec;

public sealed class NameSuccessorTests
{
    private static readonly DnsName Zone = DnsName.Parse("example");
    private static readonly string Long = new('a', 63);

    [Theory]
    [InlineData("www.example", @"\000.www.example.")]
    [InlineData("WWW.Example", @"\000.www.example.")]
    [InlineData("example", @"\000.example.")]
    public void Behind_a_name_comes_the_first_name_below_it(string name, string expected) =>
        Assert.Equal(expected, Next(DnsName.Parse(name)).ToString());

    [Theory]
    [InlineData("sub.example", @"sub\000.example.")]
    [InlineData("example", "example.")]
    public void Behind_a_subtree_comes_its_next_neighbour(string name, string expected)
    {
        Span<byte> wire = stackalloc byte[NameSpan.MaxLength];
        var length = NameSuccessor.WriteBehindSubtree(DnsName.Parse(name).Span, Zone.Span, wire);

        Assert.Equal(expected, DnsName.FromWire(wire[..length]).ToString());
    }

    [Fact]
    public void A_label_without_room_counts_up()
    {
        // 1 + 3 * 64 + 53 + 8 octets are 254: too many for two more, enough for one.
        var full = DnsName.Parse($"{Long}.{Long}.{Long}.{new string('b', 52)}.example");
        Assert.Equal(254, full.Wire.Length);

        Assert.Equal($"{Long[1..]}b.{Long}.{Long}.{new string('b', 52)}.example.", Next(full).ToString());
    }

    [Fact]
    public void Behind_the_last_octet_the_label_gets_shorter()
    {
        var last = new string('a', 61) + @"\064\255";
        var name = DnsName.Parse($"{last}.{Long}.{Long}.{new string('b', 53)}.example");
        Assert.Equal(255, name.Wire.Length);

        Assert.Equal($"{new string('a', 61)}[.{Long}.{Long}.{new string('b', 53)}.example.", Next(name).ToString());
    }

    [Fact]
    public void A_successor_is_always_greater_and_still_in_the_zone()
    {
        var random = new Random(4034);
        for (var run = 0; run < 5000; run++)
        {
            var name = RandomName(random);
            var next = Next(name);

            Assert.True(next.CompareTo(name) > 0 || next == Zone, $"{name} {next}");
            Assert.True(next.IsSubdomainOf(Zone));
            Assert.True(next.Wire.Length <= 255);
        }
    }

    private static DnsName RandomName(Random random)
    {
        var wire = new List<byte>(Zone.Wire);
        var room = random.Next(1, 248);
        while (room > 2)
        {
            var label = new byte[Math.Min(random.Next(1, 64), room - 1)];
            random.NextBytes(label);
            label.AsSpan(random.Next(label.Length)).Fill(0xff);
            wire.InsertRange(0, [(byte)label.Length, .. label]);
            room -= label.Length + 1;
        }

        return DnsName.FromWire([.. wire]);
    }

    private static DnsName Next(DnsName name)
    {
        Span<byte> wire = stackalloc byte[NameSpan.MaxLength];
        return DnsName.FromWire(wire[..NameSuccessor.Write(name.Span, Zone.Span, wire)]);
    }
}
