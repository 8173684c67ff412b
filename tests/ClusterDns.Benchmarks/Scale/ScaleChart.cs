using System.Globalization;
using System.Text;

namespace ClusterDns.Benchmarks.Scale;

/// <summary>Draws what grows with the cluster and what does not: one panel a figure, Services on a logarithmic axis.</summary>
internal static class ScaleChart
{
    private const int Width = 300;
    private const int Height = 180;
    private const int Left = 46;
    private const int Top = 34;
    private const int PlotWidth = Width - Left - 16;
    private const int PlotHeight = Height - Top - 30;

    public static string Draw(IReadOnlyList<ScalePoint> points)
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {2 * Width} {2 * Height}\" ");
        svg.AppendLine("font-family=\"sans-serif\" font-size=\"11\">");
        svg.AppendLine("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>");
        Panel(svg, 0, 0, "processor us a query", points, static point => point.Query);
        Panel(svg, Width, 0, "processor us a change of an EndpointSlice", points, static point => point.Change);
        Panel(svg, 0, Height, "ms to the first answer, from the API", points, static point => point.Api);
        Panel(svg, Width, Height, "resident MB at rest", points, static point => point.Idle);
        return svg.AppendLine("</svg>").ToString();
    }

    private static void Panel(StringBuilder svg, int x, int y, string title, IReadOnlyList<ScalePoint> points, Func<ScalePoint, double> value)
    {
        var top = Nice(points.Max(value));
        svg.AppendLine(CultureInfo.InvariantCulture, $"<g transform=\"translate({x},{y})\"><text x=\"{Left}\" y=\"20\" font-weight=\"bold\">{title}</text>");
        for (var line = 0; line <= 4; line++)
        {
            var at = Top + PlotHeight - (PlotHeight * line / 4);
            svg.AppendLine(CultureInfo.InvariantCulture, $"<path d=\"M{Left} {at}h{PlotWidth}\" stroke=\"#ddd\"/><text x=\"{Left - 5}\" y=\"{at + 4}\" text-anchor=\"end\">{top * line / 4:G3}</text>");
        }

        var drawn = points.Select((point, index) => string.Create(
            CultureInfo.InvariantCulture, $"{XOf(index, points.Count)},{Top + PlotHeight - (PlotHeight * value(point) / top):F1}"));
        svg.AppendLine(CultureInfo.InvariantCulture, $"<polyline points=\"{string.Join(' ', drawn)}\" fill=\"none\" stroke=\"#1565c0\" stroke-width=\"2\"/>");
        for (var index = 0; index < points.Count; index++)
        {
            svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{XOf(index, points.Count)}\" y=\"{Height - 12}\" text-anchor=\"middle\">{points[index].Services:N0}</text>");
        }

        svg.AppendLine("</g>");
    }

    private static int XOf(int index, int count) => Left + 12 + ((PlotWidth - 30) * index / Math.Max(count - 1, 1));

    // 1, 2, 4 or 8 times a power of ten.
    private static double Nice(double value)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(value, 1e-3))));
        return new[] { 1, 2, 4, 8, 10 }.Select(step => step * power).First(step => step >= value);
    }
}
