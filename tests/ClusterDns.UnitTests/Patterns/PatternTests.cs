using ClusterDns.Core.Patterns;
using Xunit;

namespace ClusterDns.UnitTests.Patterns;

public sealed class PatternTests
{
    [Theory]
    [InlineData("b", "abc", true)]
    [InlineData("^b", "abc", false)]
    [InlineData("a$", "a\n", false)]
    [InlineData("(?m)^b$", "a\nb\nc", true)]
    [InlineData("^b$", "a\nb\nc", false)]
    [InlineData("a.b", "a\nb", false)]
    [InlineData("(?s)a.b", "a\nb", true)]
    [InlineData("(?i)ABC", "xabcx", true)]
    [InlineData("(?i:A)B", "ab", false)]
    [InlineData(@"^\d$", "٣", false)]
    [InlineData(@"^\d$", "3", true)]
    [InlineData(@"^\w$", "é", false)]
    [InlineData(@"^\pL$", "é", true)]
    [InlineData(@"^\P{Lu}$", "A", false)]
    [InlineData("^[[:alpha:]-]+$", "a-b", true)]
    [InlineData("^[^[:digit:]]$", "7", false)]
    [InlineData("^[]a]+$", "]a", true)]
    [InlineData(@"^\Qa.b\E$", "axb", false)]
    [InlineData(@"^\Qa.b\E$", "a.b", true)]
    [InlineData("^a{2,3}$", "aaaa", false)]
    [InlineData("^a{2,3}$", "aaa", true)]
    [InlineData("^a{,2}$", "a{,2}", true)]
    [InlineData(@"^\x{41}\x42$", "AB", true)]
    [InlineData(@"^a\z", "a", true)]
    public void IsMatch_reads_the_syntax_of_RE2(string pattern, string text, bool matches) =>
        Assert.Equal(matches, Pattern.Parse(pattern).IsMatch(text));

    [Theory]
    [InlineData("(?=a)")]
    [InlineData("(?!a)")]
    [InlineData("(?<=a)b")]
    [InlineData("(?<!a)b")]
    [InlineData("(?>a)")]
    [InlineData(@"(a)\1")]
    [InlineData(@"(?P<x>a)\k<x>")]
    [InlineData(@"\C")]
    [InlineData(@"a\Z")]
    [InlineData("a**")]
    [InlineData("a++")]
    [InlineData("*a")]
    [InlineData("a|*")]
    [InlineData("(")]
    [InlineData("a)")]
    [InlineData("[a")]
    [InlineData("[z-a]")]
    [InlineData("[[:nothing:]]")]
    [InlineData(@"\p{Nothing}")]
    [InlineData("(?P<a>x)(?P<a>y)")]
    [InlineData("(?P<>x)")]
    [InlineData("(?P<a-b>x)")]
    [InlineData("a{1001}")]
    [InlineData("(a{100}){100}")]
    [InlineData("a{3,2}")]
    [InlineData(@"a\")]
    public void Parse_refuses_what_RE2_has_not(string pattern) =>
        Assert.Throws<PatternException>(() => Pattern.Parse(pattern));

    [Fact]
    public void Match_counts_groups_from_left_to_right_named_or_not()
    {
        var pattern = Pattern.Parse("(a)(?P<name>b)(?:c)(?<other>d)?(e)");

        Assert.Equal(["", "", "name", "other", ""], pattern.GroupNames);
        Assert.Equal(4, pattern.GroupCount);
        Assert.Equal("abce|a|b||e", string.Join('|', pattern.Match("xabcex") ?? []));
        Assert.Null(pattern.Match("xabcx"));
    }

    [Theory]
    [InlineData("(a+)(a*)", "aaa", "")]
    [InlineData("(a+?)(a*)", "a", "aa")]
    [InlineData("(?U)(a+)(a+?)", "a", "aa")]
    public void Match_takes_as_much_as_the_expression_says(string pattern, string first, string second) =>
        Assert.Equal($"aaa|{first}|{second}", string.Join('|', Pattern.Parse(pattern).Match("aaa") ?? []));

    [Fact]
    public void Parse_takes_as_many_characters_as_the_limit_and_no_more()
    {
        var inside = new string('a', Pattern.MaxLength - 2);

        Assert.True(Pattern.Parse($"[{inside}]").IsMatch("a"));
        var refused = Assert.Throws<PatternException>(() => Pattern.Parse($"[{inside}]b"));
        Assert.Contains("10000", refused.Message, StringComparison.Ordinal);
    }

    // A matcher that backtracks would need longer than the universe has been there.
    [Fact]
    public void IsMatch_needs_time_in_proportion_to_the_text() =>
        Assert.False(Pattern.Parse("^(a+)+(a|aa)+$").IsMatch(new string('a', 1000) + "!"));

    [Fact]
    public void IsMatch_allocates_nothing()
    {
        var pattern = Pattern.Parse(@"^([a-z0-9-]+)\.example\.(com|org)\.$");
        for (var warm = 0; warm < 100; warm++)
        {
            pattern.IsMatch("www.example.org.");
            pattern.IsMatch("www.example.net.");
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var run = 0; run < 1000; run++)
        {
            pattern.IsMatch("www.example.org.");
            pattern.IsMatch("www.example.net.");
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
