using System.Text;
using ClusterDns.Protocol.Names;
using CsCheck;
using Xunit;

namespace ClusterDns.UnitTests.Protocol.Names;

public sealed class DnsNameTests
{
    [Theory]
    [InlineData(".", "00")]
    [InlineData("a", "016100")]
    [InlineData("a.", "016100")]
    [InlineData("wWw.Example.", "0377577707 4578616d706c65 00")]
    [InlineData(@"a\.b.c.", "03612e62 0163 00")]
    [InlineData(@"\000\255\\.", "0300ff5c 00")]
    [InlineData(@"\097.", "016100")]
    public void Parse_writes_wire_form(string text, string wire) =>
        Assert.Equal(wire.Replace(" ", "", StringComparison.Ordinal), Convert.ToHexStringLower(DnsName.Parse(text).Wire));

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("a..b", "it has an empty label")]
    [InlineData(".a", "it has an empty label")]
    [InlineData("..", "it has an empty label")]
    [InlineData(@"a\", "it ends in a backslash")]
    [InlineData(@"\25", "a backslash and a digit start an escape of three digits up to 255")]
    [InlineData(@"\256", "a backslash and a digit start an escape of three digits up to 255")]
    [InlineData("bücher", "'ü' is not an ASCII character")]
    public void TryParse_says_what_is_wrong(string text, string expected)
    {
        Assert.False(DnsName.TryParse(text, out _, out var error));
        Assert.Equal(expected, error);
    }

    // RFC 1035 §2.3.4.
    [Fact]
    public void TryParse_allows_labels_of_63_and_names_of_255_octets()
    {
        var label = new string('a', 63);
        Assert.True(DnsName.TryParse(label, out _));
        Assert.False(DnsName.TryParse(label + "a", out _));

        var longest = $"{label}.{label}.{label}.{new string('b', 61)}";
        Assert.True(DnsName.TryParse(longest, out var name));
        Assert.Equal(NameSpan.MaxLength, name.Wire.Length);
        Assert.False(DnsName.TryParse(longest + "b", out _));
        Assert.True(DnsName.TryParse(longest + ".", out _));
    }

    [Fact]
    public void ToString_of_any_name_reads_back() => AnyName().Sample(static wire =>
        DnsName.Parse(DnsName.FromWire(wire).ToString()).Wire.AsSpan().SequenceEqual(wire));

    [Fact]
    public void TryParse_of_any_text_ends_in_a_value() => Gen.Char[' ', 'ÿ'].Array[0, 40].Sample(static text =>
    {
        var isName = DnsName.TryParse(text, out var name, out var error);
        return isName ? name!.Wire.Length <= NameSpan.MaxLength : error.Length > 0; // A name where it is one.
    });

    // RFC 4343 §3: ASCII letters only; 0xC1 is not a capital 0xE1.
    [Theory]
    [InlineData("WWW.Example.", "www.eXAMPLE.", true)]
    [InlineData("a.b.", @"a\.b.", false)]
    [InlineData("@.", "`.", false)]
    [InlineData("[.", "{.", false)]
    [InlineData(@"\193.", @"\225.", false)]
    public void Equals_ignores_ASCII_case_only(string left, string right, bool expected)
    {
        var (one, other) = (DnsName.Parse(left), DnsName.Parse(right));
        Assert.Equal(expected, one == other);
        Assert.Equal(expected, one.ToLower().Wire.AsSpan().SequenceEqual(other.ToLower().Wire));
        Assert.True(!expected || one.GetHashCode() == other.GetHashCode());
    }

    [Theory]
    [InlineData("a.example.", "example.", true)]
    [InlineData("A.EXAMPLE.", "example.", true)]
    [InlineData("example.", "example.", true)]
    [InlineData("a.", ".", true)]
    [InlineData("notexample.", "example.", false)]
    [InlineData(@"a\007example.", "example.", false)]
    [InlineData("example.", "a.example.", false)]
    public void IsSubdomainOf_compares_whole_labels(string name, string ancestor, bool expected) =>
        Assert.Equal(expected, DnsName.Parse(name).IsSubdomainOf(DnsName.Parse(ancestor)));

    // The example of RFC 4034 §6.1.
    [Fact]
    public void CompareTo_is_canonical_order()
    {
        string[] ordered = ["example.", "a.example.", "yljkjljk.a.example.", "Z.a.example.", "zABC.a.EXAMPLE.", "z.example.",
            @"\001.z.example.", "*.z.example.", @"\200.z.example."];

        Assert.Equal(ordered, ordered.Reverse().Select(DnsName.Parse).Order().Select(static name => name.ToString()));
    }

    [Fact]
    public void CompareTo_agrees_with_comparing_labels_one_by_one() => Gen.Select(AnyName(), AnyName()).Sample(static (left, right) =>
        Math.Sign(DnsName.FromWire(left).CompareTo(DnsName.FromWire(right))) == Math.Sign(CompareLabels(left, right)));

    [Fact]
    public void A_dictionary_of_names_is_searched_with_a_borrowed_one()
    {
        var names = new Dictionary<DnsName, int>(DnsNameComparer.Instance) { [DnsName.Parse("www.Example.")] = 1 };

        Assert.True(names.GetAlternateLookup<NameSpan>().TryGetValue(DnsName.Parse("WWW.example.").Span, out var value));
        Assert.Equal(1, value);
    }

    [Fact]
    public void Suffix_Parent_and_FirstLabel_take_a_name_apart()
    {
        var name = DnsName.Parse("a.bc.def.").Span;

        Assert.Equal(3, name.LabelCount);
        Assert.Equal("bc.def.", name.Parent.ToString());
        Assert.Equal("def.", name.Suffix(1).ToString());
        Assert.Equal(".", name.Suffix(0).ToString());
        Assert.Equal("a", Encoding.ASCII.GetString(name.FirstLabel));
        Assert.True(NameSpan.Root.Parent.IsRoot);
    }

    // Labels of any octets, short ones so that names share some, up to a whole name.
    internal static Gen<byte[]> AnyName()
    {
        var octet = Gen.Frequency((6, Gen.Byte[(byte)'a', (byte)'c']), (2, Gen.Byte[(byte)'A', (byte)'C']), (1, Gen.Byte));
        return octet.Array[1, 12].Array[0, 15].Select(static labels =>
        {
            var wire = new List<byte>();
            foreach (var label in labels)
            {
                wire.Add((byte)label.Length);
                wire.AddRange(label);
            }

            wire.Add(0);
            return wire.ToArray();
        });
    }

    private static int CompareLabels(byte[] left, byte[] right)
    {
        var (one, other) = (Labels(left), Labels(right));
        for (var index = 0; index < Math.Min(one.Count, other.Count); index++)
        {
            var order = one[index].AsSpan().SequenceCompareTo(other[index]);
            if (order != 0)
            {
                return order;
            }
        }

        return one.Count - other.Count;
    }

    // From the root down, in lower case.
    private static List<byte[]> Labels(byte[] wire)
    {
        var labels = new List<byte[]>();
        for (var offset = 0; wire[offset] != 0; offset += wire[offset] + 1)
        {
            labels.Insert(0, [.. wire.Skip(offset + 1).Take(wire[offset]).Select(static octet => octet is >= 65 and <= 90 ? (byte)(octet + 32) : octet)]);
        }

        return labels;
    }
}
