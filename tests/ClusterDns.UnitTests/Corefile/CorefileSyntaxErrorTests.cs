using ClusterDns.Core.Corefile;
using Xunit;
using static ClusterDns.UnitTests.Corefile.CorefileText;

namespace ClusterDns.UnitTests.Corefile;

public sealed class CorefileSyntaxErrorTests
{
    [Theory]
    [InlineData(". {\n whoami\n", "Corefile:2: found the end of the file, expected '}' to close the block opened at Corefile:1")]
    [InlineData(". {", "Corefile:1: found the end of the file, expected '}' to close the block opened at Corefile:1")]
    [InlineData(".\nlog {\n class", "Corefile:3: found the end of the file, expected '}' to close the block opened at Corefile:2")]
    [InlineData("(a) {\n x {\n }\n", "Corefile:3: found the end of the file, expected '}' to close the block opened at Corefile:1")]
    [InlineData("(a)", "Corefile:1: found the end of the file, expected '{' after the snippet's name")]
    [InlineData("(a)\nerrors\n", "Corefile:2: found 'errors', expected '{' after the snippet's name '(a)'")]
    [InlineData("(a) b {\n}", "Corefile:1: found 'b', expected '{' after the snippet's name '(a)'")]
    [InlineData("(a) {\n}\n(a) {\n}", "Corefile:3: found '(a)', expected a snippet with a name that is not used yet")]
    [InlineData(". {\n {\n }\n}", "Corefile:2: found '{', expected a directive")]
    [InlineData(". {\n log {\n } x\n}", "Corefile:3: found 'x', expected the end of the line after '}'")]
    [InlineData(". {\n log {\n } {\n }\n}", "Corefile:3: found '{', expected the end of the line after '}'")]
    [InlineData(". {\n import\n}", "Corefile:2: found the end of the line, expected one file, pattern or snippet after 'import'")]
    [InlineData(". {\n import }", "Corefile:2: found the end of the line, expected one file, pattern or snippet after 'import'")]
    [InlineData("import", "Corefile:1: found the end of the line, expected one file, pattern or snippet after 'import'")]
    [InlineData("import \"\"", "Corefile:1: found '', expected one file, pattern or snippet after 'import'")]
    [InlineData("(a) {\n}\nimport a x", "Corefile:3: found 'x', expected the end of the line: import takes one argument")]
    public void Read_refuses(string text, string message)
    {
        CorefileException error = ReadError(text);

        Assert.Equal(message, error.Message);
        Assert.Equal("Corefile", error.File);
        Assert.Equal($"Corefile:{error.Line}: found {error.Found}, expected {error.Expected}", error.Message);
    }

    [Fact]
    public void Read_refuses_blocks_nested_beyond_the_ceiling()
    {
        string Nested(int depth) =>
            ".\n" + string.Concat(Enumerable.Repeat("x {\n", depth).Concat(Enumerable.Repeat("}\n", depth)));


        Assert.NotEmpty(Read(Nested(CorefileLimits.Nesting)).Blocks);
        Assert.Equal("at most 50 blocks inside each other", ReadError(Nested(CorefileLimits.Nesting + 1)).Expected);
        Assert.Equal("at most 50 blocks inside each other", ReadError(Nested(100_000)).Expected);
    }

    [Fact]
    public void Read_refuses_more_words_than_the_ceiling() =>
        Assert.Equal("at most 1000000", ReadError(string.Concat(Enumerable.Repeat("x ", 1_000_001))).Expected);

    [Fact]
    public void Read_refuses_more_zones_than_the_ceiling() =>
        Assert.Equal(
            "at most 100000 zones in one Corefile",
            ReadError(string.Concat(Enumerable.Repeat("10.0.0.0/1 ", 100_000 / 128 + 1))).Expected);

    [Fact]
    public void Quote_keeps_a_message_on_one_line_and_short()
    {
        Assert.Equal("'a\\n\\r\\tb\\u0000\\u0085\\u2028'", CorefileException.Quote("a\n\r\tb\0\u0085\u2028"));
        Assert.Equal("'" + new string('x', 80) + "…'", CorefileException.Quote(new string('x', 81)));
        Assert.Equal("'" + new string('x', 80) + "'", CorefileException.Quote(new string('x', 80)));
    }
}
