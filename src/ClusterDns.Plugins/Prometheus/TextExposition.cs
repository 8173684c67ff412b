using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using ClusterDns.Core.Telemetry;

namespace ClusterDns.Plugins.Prometheus;

/// <summary>Writes families in Prometheus' text format 0.0.4, shaped as its Go client does: HELP, TYPE, labels by name.</summary>
internal sealed class TextExposition(int capacity)
{
    private readonly ArrayBufferWriter<byte> _text = new(capacity);

    public ReadOnlyMemory<byte> Written => _text.WrittenMemory;

    /// <summary>Nothing is written for a family without series.</summary>
    public void Append(IMetricFamily family)
    {
        var order = Enumerable.Range(0, family.Labels.Count).OrderBy(index => family.Labels[index], StringComparer.Ordinal).ToArray();
        var series = family.Series.Select(entry => (Labels: Labels(family.Labels, entry.Values, order), entry.Series))
            .OrderBy(static entry => entry.Labels, StringComparer.Ordinal).ToArray();
        if (series.Length == 0)
        {
            return;
        }

        Text("# HELP ").Text(family.Name).Text(" ").Text(family.Help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal));
        Text("\n# TYPE ").Text(family.Name).Text(" ").Text(KindText(family.Kind)).Text("\n");
        foreach (var (labels, value) in series)
        {
            Append(family.Name, labels, value);
        }
    }

    private static string KindText(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Gauge => "gauge",
        _ => "histogram",
    };

    // a="1",b="2", without the braces.
    private static string Labels(IReadOnlyList<string> names, IReadOnlyList<string> values, int[] order)
    {
        var text = new StringBuilder();
        foreach (var index in order)
        {
            text.Append(text.Length == 0 ? "" : ",").Append(names[index]).Append("=\"");
            foreach (var character in values[index])
            {
                _ = character switch
                {
                    '\\' => text.Append("\\\\"),
                    '"' => text.Append("\\\""),
                    '\n' => text.Append("\\n"),
                    _ => text.Append(character),
                };
            }

            text.Append('"');
        }

        return text.ToString();
    }

    private void Append(string name, string labels, object series)
    {
        switch (series)
        {
            case Counter counter:
                Sample(name, "", labels, "").Number(counter.Value).Text("\n");
                break;
            case Gauge gauge:
                Sample(name, "", labels, "").Number(gauge.Value).Text("\n");
                break;
            case Histogram histogram:
                Append(name, labels, histogram);
                break;
        }
    }

    private void Append(string name, string labels, Histogram histogram)
    {
        var bounds = histogram.Bounds;
        Span<long> buckets = stackalloc long[bounds.Length + 1];
        var sum = histogram.Read(buckets);
        long count = 0;
        for (var index = 0; index < buckets.Length; index++)
        {
            count += buckets[index];
            var bound = index < bounds.Length ? Bound(bounds[index], histogram.Scale) : "+Inf";
            Sample(name, "_bucket", labels, bound).Number(count).Text("\n");
        }

        Sample(name, "_sum", labels, "").Number(sum * histogram.Scale).Text("\n");
        Sample(name, "_count", labels, "").Number(count).Text("\n");
    }

    // In decimal, so that 250,000 times 1e-9 is 0.00025 and nothing near it.
    private static string Bound(long bound, double scale) =>
        (bound * (decimal)scale).ToString("0.############", CultureInfo.InvariantCulture);

    private TextExposition Sample(string name, string suffix, string labels, string bound)
    {
        Text(name).Text(suffix);
        if (labels.Length > 0 || bound.Length > 0)
        {
            Text("{").Text(labels);
            if (bound.Length > 0)
            {
                Text(labels.Length > 0 ? ",le=\"" : "le=\"").Text(bound).Text("\"");
            }

            Text("}");
        }

        return Text(" ");
    }

    private TextExposition Text(string text)
    {
        _text.Advance(Encoding.UTF8.GetBytes(text, _text.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));
        return this;
    }

    private TextExposition Number(long value)
    {
        Utf8Formatter.TryFormat(value, _text.GetSpan(20), out var length);
        _text.Advance(length);
        return this;
    }

    private TextExposition Number(double value) => value switch
    {
        double.PositiveInfinity => Text("+Inf"),
        double.NegativeInfinity => Text("-Inf"),
        double.NaN => Text("NaN"),
        _ => Text(value.ToString("R", CultureInfo.InvariantCulture)),
    };
}
