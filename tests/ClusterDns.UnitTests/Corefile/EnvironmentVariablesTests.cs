using ClusterDns.Core.Corefile;
using Xunit;
using static ClusterDns.UnitTests.Corefile.CorefileText;

namespace ClusterDns.UnitTests.Corefile;

public sealed class EnvironmentVariablesTests
{
    private static readonly (string, string?)[] Variables =
    [
        ("A", "alpha"), ("B", "two words"), ("OPEN", "{"), ("CLOSE", "}"), ("IMPORT", "import"), ("EMPTY", ""),
        ("PERCENT", "{%A%}"), ("SELF", "{$SELF}"), ("SELF2", "{%SELF2%}"), ("PORT", "1053"), ("LIST", "a.test,"),
    ];

    [Theory]
    [InlineData("log {$A}", "log alpha")]
    [InlineData("log {%A%}", "log alpha")]
    [InlineData("log x{$A}y{%A%}z{$A}", "log xalphayalphazalpha")]
    [InlineData("log \"{$A} {$B}\"", "log \"alpha two words\"")]
    [InlineData("log {$B} c", "log two words c")]
    [InlineData("{$A} b", "alpha b")]
    [InlineData("log {$UNSET} x{$UNSET}y {%EMPTY%}", "log  xy ")]
    [InlineData("log {$PERCENT}", "log alpha")]
    [InlineData("log {%PERCENT%}", "log {%A%}")]
    [InlineData("log {$SELF} {%SELF2%}", "log {$SELF} {%SELF2%}")]
    [InlineData("log {$} {%%} {$}{$A}", "log {$} {%%} {$}alpha")]
    [InlineData("log {$A {%A} {A} $A", "log {$A {%A} {A} $A")]
    [InlineData("log {$A#x} b", "log {$A b")]
    [InlineData("log {$OPEN} {$CLOSE}", "log { }")]
    [InlineData("{$IMPORT} x", "import x")]
    public void Read_substitutes_variables_once_and_never_as_punctuation(string line, string expected) =>
        Assert.Equal(expected, Directives($".\n{line}", Variables));

    [Theory]
    [InlineData("{$A}.test:{$PORT} {\n}", "dns://alpha.test.:1053")]
    [InlineData("{$LIST}\nb.test {\n}", "dns://a.test. dns://b.test.")]
    [InlineData("{$UNSET} b.test {\n}", "dns://b.test.")]
    public void Read_substitutes_variables_in_keys(string text, string keys) =>
        Assert.Equal(keys, Keys(text, Variables));

    [Fact]
    public void Read_reports_the_substituted_text_when_a_variable_makes_a_key_wrong() => Assert.Equal(
        "Corefile:1: found 'two words', expected a zone", ReadError("{$B} {\n}", Variables).Message);

    [Fact]
    public void Substitute_gives_the_same_string_when_there_is_nothing_to_replace() =>
        Assert.Same("plain {$}", EnvironmentVariables.Substitute("plain {$}", static _ => "x"));
}
