using ClusterDns.Core.Corefile;
using Xunit;

namespace ClusterDns.UnitTests.Corefile;

public sealed class GoDurationTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("-0", 0)]
    [InlineData("+0", 0)]
    [InlineData("0s", 0)]
    [InlineData("5s", 5000)]
    [InlineData("1m30s", 90_000)]
    [InlineData("100ms", 100)]
    [InlineData("1.5h", 5_400_000)]
    [InlineData(".5s", 500)]
    [InlineData("1.s", 1000)]
    [InlineData("+2m", 120_000)]
    [InlineData("-2m", -120_000)]
    [InlineData("1h2m3s4ms", 3_723_004)]
    [InlineData("1s1s", 2000)]
    [InlineData("1500us", 1.5)]
    [InlineData("1500\u00b5s", 1.5)]
    [InlineData("1500\u03bcs", 1.5)]
    [InlineData("1500000ns", 1.5)]
    [InlineData("99ns", 0)]
    [InlineData("2562047h", 9_223_369_200_000)]
    public void TryParse_reads(string text, double milliseconds)
    {
        Assert.True(GoDuration.TryParse(text, out TimeSpan value));
        Assert.Equal(milliseconds, value.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("-")]
    [InlineData("s")]
    [InlineData(".s")]
    [InlineData("x")]
    [InlineData("5x")]
    [InlineData("5S")]
    [InlineData("5 s")]
    [InlineData(" 5s")]
    [InlineData("5s ")]
    [InlineData("5s3")]
    [InlineData("1.2.3s")]
    [InlineData("--5s")]
    [InlineData("1d")]
    [InlineData("5,0s")]
    [InlineData("2562048h")]
    [InlineData("9999999999999999999999999999h")]
    [InlineData("2562047h2562047h")]
    public void TryParse_refuses(string text) => Assert.False(GoDuration.TryParse(text, out _));

    [Theory]
    [InlineData("0s")]
    [InlineData("1m30s")]
    [InlineData("24h")]
    [InlineData("100ms")]
    [InlineData("-1h1us100ns")]
    public void Format_gives_what_TryParse_read(string text)
    {
        Assert.True(GoDuration.TryParse(text, out TimeSpan value));
        Assert.Equal(text, GoDuration.Format(value));
    }

    [Theory]
    [InlineData("0", "0s")]
    [InlineData("60s", "1m0s")]
    [InlineData("1h", "1h0m0s")]
    [InlineData("25h1m0.5s", "25h1m0.5s")]
    [InlineData("1500us", "1.5ms")]
    [InlineData("100ns", "100ns")]
    [InlineData("1us500ns", "1.5\u00b5s")]
    [InlineData("-90s", "-1m30s")]
    public void FormatAsGo_gives_what_Go_prints(string text, string expected)
    {
        Assert.True(GoDuration.TryParse(text, out TimeSpan value));
        Assert.Equal(expected, GoDuration.FormatAsGo(value));
    }
}
