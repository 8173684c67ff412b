using System.Globalization;

namespace ClusterDns.Benchmarks;

/// <summary><c>--name value</c> pairs of a command line.</summary>
internal sealed class CommandOptions
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public CommandOptions(string[] arguments)
    {
        for (var index = 0; index < arguments.Length; index += 2)
        {
            if (!arguments[index].StartsWith("--", StringComparison.Ordinal) || index + 1 == arguments.Length)
            {
                throw new BenchmarkException($"found '{arguments[index]}', expected --NAME VALUE; see tests/ClusterDns.Benchmarks/README.md");
            }

            _values[arguments[index][2..]] = arguments[index + 1];
        }
    }

    public string? Text(string name) => _values.GetValueOrDefault(name);

    public int Number(string name, int otherwise) => Text(name) is not { } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new BenchmarkException($"--{name}: found '{text}', expected a number");
}
