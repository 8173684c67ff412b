using System.Globalization;
using System.Text;

namespace ClusterDns.Benchmarks.Comparison;

/// <summary>Figures of several rounds by server and column, shown as medians in a Markdown table.</summary>
internal sealed class ResultTable
{
    private readonly List<string> _columns = [];
    private readonly Dictionary<string, Dictionary<string, List<double>>> _rows = new(StringComparer.Ordinal);

    public void Add(string row, string column, double value)
    {
        if (!_columns.Contains(column))
        {
            _columns.Add(column);
        }

        if (!_rows.TryGetValue(row, out var values))
        {
            _rows[row] = values = new Dictionary<string, List<double>>(StringComparer.Ordinal);
        }

        if (!values.TryGetValue(column, out var list))
        {
            values[column] = list = [];
        }

        list.Add(value);
    }

    public double Median(string row, string column) =>
        _rows.GetValueOrDefault(row)?.GetValueOrDefault(column) is { Count: > 0 } values ? values.Order().ElementAt(values.Count / 2) : double.NaN;

    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine("| server | " + string.Join(" | ", _columns) + " |");
        text.AppendLine("| --- |" + string.Concat(_columns.Select(static _ => " --- |")));
        foreach (var row in _rows.Keys)
        {
            text.AppendLine($"| {row} | " + string.Join(" | ", _columns.Select(column => Format(Median(row, column)))) + " |");
        }

        return text.ToString();
    }

    private static string Format(double value) => double.IsNaN(value) ? "-"
        : value.ToString(value >= 100 ? "F0" : value >= 10 ? "F1" : "F2", CultureInfo.InvariantCulture);
}
