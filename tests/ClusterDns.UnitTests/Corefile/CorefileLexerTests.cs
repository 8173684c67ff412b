using ClusterDns.Core.Corefile;
using Xunit;
using static ClusterDns.UnitTests.Corefile.CorefileText;

namespace ClusterDns.UnitTests.Corefile;

public sealed class CorefileLexerTests
{
    [Theory]
    [InlineData("log a # b", "log a")]
    [InlineData("log #", "log")]
    [InlineData("log foo#bar baz", "log foo baz")]
    [InlineData("log foo# baz", "log foo baz")]
    [InlineData("log foo#bar#qux baz # end", "log foo baz")]
    [InlineData("log foo#\"a b\" c", "log foo b\" c")]
    [InlineData("log \"a # b\" c", "log \"a # b\" c")]
    [InlineData("log \"a#b\"", "log \"a#b\"")]
    [InlineData("# log\nerrors # \"\nlog", "errors; log")]
    public void Read_hides_comments_but_only_to_the_next_space_inside_a_word(string lines, string expected) =>
        Assert.Equal(expected, Directives($".\n{lines}"));

    [Theory]
    [InlineData("log \"a b\"", "log \"a b\"")]
    [InlineData("log \"\" c", "log \"\" c")]
    [InlineData("log \"say \\\"hi\\\"\"", "log \"say \"hi\"\"")]
    [InlineData("log \"a\\b\\n\\\\\"", "log \"a\\b\\n\\\\\"")]
    [InlineData("log \"a\"b", "log \"a\" b")]
    [InlineData("log a\"b c\"", "log a\"b c\"")]
    [InlineData("log \"{\" \"}\" \"import\"", "log \"{\" \"}\" \"import\"")]
    [InlineData("log \"a\nb\" c\nerrors", "log \"a\nb\" c; errors")]
    [InlineData("log \"a\r\nb\" c\r\nerrors", "log \"a\nb\" c; errors")]
    [InlineData("log \"a\rb\"", "log \"a\rb\"")]
    public void Read_takes_quoted_text_as_one_word_and_only_a_quote_as_escaped(string lines, string expected) =>
        Assert.Equal(expected, Directives($".\n{lines}"));

    [Theory]
    [InlineData("log a\\\nerrors", "log a\\; errors")]
    [InlineData("log a\\ b", "log a\\ b")]
    [InlineData("log ^[a-z]{3}$ {1} {args}{ }x", "log ^[a-z]{3}$ {1} {args}{ }x")]
    [InlineData("log\ta\v\fb", "log a b")]
    [InlineData("lo\rg a\rb", "log ab")]
    public void Read_takes_backslashes_and_braces_inside_words_as_they_are(string lines, string expected) =>
        Assert.Equal(expected, Directives($".\n{lines}"));

    [Fact]
    public void Read_counts_lines_through_comments_and_quotes()
    {
        CorefileDocument document = Read("# one\n.\n\nlog \"a\n\nb\" c # d\n# e\nerrors\n");

        Directive log = document.Blocks[0].Directives[0];
        Assert.Equal(2, document.Blocks[0].Line);
        Assert.Equal(4, log.Line);
        Assert.Equal([4, 6], log.Arguments.Select(argument => argument.Line));
        Assert.Equal(8, document.Blocks[0].Directives[1].Line);
    }

    [Theory]
    [InlineData(".\nlog \"a b\nerrors\n")]
    [InlineData(".\nlog \"")]
    [InlineData(".\nlog \"a\\\"")]
    public void Read_refuses_a_quote_that_is_not_closed(string text) => Assert.Equal(
        "Corefile:2: found a quote that is not closed, expected '\"' before the end of the file",
        ReadError(text).Message);
}
