using System.Text;
using ClusterDns.Core.Telemetry;
using ClusterDns.Plugins.Prometheus;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Prometheus;

public sealed class TextExpositionTests
{
    private readonly MetricRegistry _metrics = new();

    [Fact]
    public void A_counter_has_help_type_and_its_series_by_label()
    {
        var family = _metrics.Counter("c_total", "What it counts.", "zone", "code");
        family.With("b.", "0").Add(7);
        family.With("a.", "3").Increment();
        Assert.Equal(
            """
            # HELP c_total What it counts.
            # TYPE c_total counter
            c_total{code="0",zone="b."} 7
            c_total{code="3",zone="a."} 1

            """,
            Text());
    }

    [Fact]
    public void A_family_without_series_is_not_shown()
    {
        _metrics.Counter("c_total", "", "zone");
        Assert.Equal("", Text());
    }

    [Fact]
    public void A_series_that_was_removed_is_not_shown()
    {
        var family = _metrics.Gauge("g", "help", "zone");
        family.With("a.").Set(1);
        family.With("b.").Set(2);
        family.Remove("a.");
        Assert.Equal("# HELP g help\n# TYPE g gauge\ng{zone=\"b.\"} 2\n", Text());
    }

    [Fact]
    public void What_the_format_uses_itself_is_escaped()
    {
        _metrics.Gauge("g", "a\\b\nc \"d\"", "zone").With("a\\b\nc \"d\"").Set(1);
        Assert.Equal("# HELP g a\\\\b\\nc \"d\"\n# TYPE g gauge\ng{zone=\"a\\\\b\\nc \\\"d\\\"\"} 1\n", Text());
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.1, "0.1")]
    [InlineData(-2.5, "-2.5")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    [InlineData(double.NaN, "NaN")]
    public void A_gauge_can_be_any_number(double value, string expected)
    {
        _metrics.Gauge("g", "").With().Set(value);
        Assert.EndsWith($"\ng {expected}\n", Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_histogram_is_cumulative_and_ends_with_everything()
    {
        var histogram = _metrics.Histogram("h", "help", [250_000, 500_000], 1e-9, "zone").With("a.");
        foreach (var value in (long[])[1, 250_000, 250_001, 900_000_000])
        {
            histogram.Record(value);
        }

        Assert.Equal(
            """
            # HELP h help
            # TYPE h histogram
            h_bucket{zone="a.",le="0.00025"} 2
            h_bucket{zone="a.",le="0.0005"} 3
            h_bucket{zone="a.",le="+Inf"} 4
            h_sum{zone="a."} 0.900500002
            h_count{zone="a."} 4

            """,
            Text());
    }

    [Fact]
    public void A_histogram_without_labels_has_only_the_bound()
    {
        _metrics.Histogram("h", "", [100], 1).With().Record(101);
        Assert.EndsWith("\nh_bucket{le=\"100\"} 0\nh_bucket{le=\"+Inf\"} 1\nh_sum 101\nh_count 1\n", Text(), StringComparison.Ordinal);
    }

    private string Text()
    {
        var text = new TextExposition(16);
        foreach (var family in _metrics.Families)
        {
            text.Append(family);
        }

        return Encoding.UTF8.GetString(text.Written.Span);
    }
}
