using ClusterDns.Core.Corefile;
using Xunit;
using static ClusterDns.UnitTests.Corefile.CorefileText;

namespace ClusterDns.UnitTests.Corefile;

public sealed class TokenTests
{
    [Theory]
    [InlineData("0", 0, 3600, 0)]
    [InlineData("3600", 0, 3600, 3600)]
    [InlineData("-5", -5, 5, -5)]
    [InlineData("+5", -5, 5, 5)]
    [InlineData("007", 0, 10, 7)]
    public void ParseInt_reads_numbers_within_the_bounds(string text, int min, int max, int value) =>
        Assert.Equal(value, Argument(text).ParseInt(min, max));

    [Theory]
    [InlineData("x", 0, 3600, "a whole number from 0 to 3600")]
    [InlineData("3601", 0, 3600, "a whole number from 0 to 3600")]
    [InlineData("-1", 0, int.MaxValue, "a whole number of 0 or more")]
    [InlineData("7", int.MinValue, 6, "a whole number of 6 or less")]
    [InlineData("1.5", int.MinValue, int.MaxValue, "a whole number")]
    [InlineData("99999999999", int.MinValue, int.MaxValue, "a whole number")]
    [InlineData("0x10", int.MinValue, int.MaxValue, "a whole number")]
    [InlineData("\"\"", int.MinValue, int.MaxValue, "a whole number")]
    [InlineData("\" 1\"", int.MinValue, int.MaxValue, "a whole number")]
    [InlineData("1,000", int.MinValue, int.MaxValue, "a whole number")]
    public void ParseInt_refuses(string text, int min, int max, string expected) =>
        AssertUnexpected(text, expected, token => token.ParseInt(min, max));

    [Fact]
    public void ParseFloat_reads_finite_numbers_within_the_bounds()
    {
        Assert.Equal(0.5, Argument("0.5").ParseFloat(0));
        Assert.Equal(1e3, Argument("1e3").ParseFloat());
        AssertUnexpected("-0.5", "a number of 0 or more", token => token.ParseFloat(0));
        AssertUnexpected("NaN", "a number", token => token.ParseFloat());
        AssertUnexpected("Infinity", "a number", token => token.ParseFloat());
        AssertUnexpected("1e999", "a number", token => token.ParseFloat());
        AssertUnexpected("x", "a number from 0 to 1", token => token.ParseFloat(0, 1));
    }

    [Fact]
    public void ParseDuration_reads_durations_within_the_bounds()
    {
        TimeSpan second = TimeSpan.FromSeconds(1);
        TimeSpan day = TimeSpan.FromHours(24);

        Assert.Equal(TimeSpan.FromSeconds(90), Argument("1m30s").ParseDuration());
        Assert.Equal(TimeSpan.Zero, Argument("0").ParseDuration());
        Assert.Equal(second, Argument("1s").ParseDuration(second, day));
        Assert.Equal(TimeSpan.FromSeconds(-1), Argument("-1s").ParseDuration(TimeSpan.MinValue, day));
        AssertUnexpected("-1s", "a duration like 5s, 1m30s or 100ms", token => token.ParseDuration());
        AssertUnexpected("x", "a duration like 5s, 1m30s or 100ms", token => token.ParseDuration());
        AssertUnexpected("30", "a duration like 5s, 1m30s or 100ms", token => token.ParseDuration());
        AssertUnexpected(
            "999ms",
            "a duration from 1s to 24h like 5s, 1m30s or 100ms",
            token => token.ParseDuration(second, day));
        AssertUnexpected(
            "1s",
            "a duration of 24h or more like 5s, 1m30s or 100ms",
            token => token.ParseDuration(day, TimeSpan.MaxValue));
    }

    [Fact]
    public void ParseDurationOrSeconds_counts_seconds_when_there_is_no_unit()
    {
        TimeSpan day = TimeSpan.FromHours(24);

        Assert.Equal(TimeSpan.FromSeconds(30), Argument("30").ParseDurationOrSeconds(TimeSpan.Zero, day));
        Assert.Equal(TimeSpan.FromMinutes(30), Argument("30m").ParseDurationOrSeconds(TimeSpan.Zero, day));
        Assert.Equal(TimeSpan.FromSeconds(1.5), Argument("1.5").ParseDurationOrSeconds(TimeSpan.Zero, day));
        AssertUnexpected(
            "90000",
            "a duration from 0s to 24h like 5s, 1m30s or 100ms",
            token => token.ParseDurationOrSeconds(TimeSpan.Zero, day));
    }

    private static Token Argument(string text) => FirstDirective($"x {text}").ExpectArgument();

    private static void AssertUnexpected(string text, string expected, Action<Token> read)
    {
        Token token = Argument(text);

        CorefileException error = Assert.Throws<CorefileException>(() => read(token));

        Assert.Equal($"Corefile:2: found '{token.Text}', expected {expected}", error.Message);
    }
}
