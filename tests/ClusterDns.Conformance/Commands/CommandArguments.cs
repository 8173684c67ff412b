using System.Globalization;

namespace ClusterDns.Conformance.Commands;

/// <summary>The words and <c>--options</c> behind a command's name.</summary>
internal sealed class CommandArguments
{
    private static readonly string[] Flags = ["deviations", "edns"];

    private readonly Dictionary<string, string> _options = [];

    public CommandArguments(IEnumerable<string> arguments)
    {
        Queue<string> queue = new(arguments);
        while (queue.TryDequeue(out string? word))
        {
            if (!word.StartsWith("--", StringComparison.Ordinal))
            {
                Words.Add(word);
            }
            else
            {
                _options[word[2..]] = Flags.Contains(word[2..]) || queue.Count == 0 ? "yes" : queue.Dequeue();
            }
        }
    }

    public List<string> Words { get; } = [];

    public bool Has(string option) => _options.ContainsKey(option);

    public string? Text(string option) => _options.GetValueOrDefault(option);

    public int Number(string option, int otherwise) =>
        Text(option) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
