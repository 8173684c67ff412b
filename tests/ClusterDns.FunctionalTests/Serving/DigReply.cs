using System.Diagnostics;
using System.Text.RegularExpressions;
using ClusterDns.Testing;

namespace ClusterDns.FunctionalTests.Serving;

/// <summary>What <c>dig</c> printed about one query.</summary>
internal sealed partial class DigReply
{
    private DigReply(string text) => Text = text;

    public string Text { get; }

    public string Status => StatusPattern().Match(Text).Groups[1].Value;

    /// <summary>Of the header: <c>qr aa rd</c>.</summary>
    public string Flags => FlagsPattern().Match(Text).Groups[1].Value;

    /// <summary>Version, flags and size of the OPT record; empty where there is none.</summary>
    public string Edns => EdnsPattern().Match(Text).Groups[1].Value;

    /// <summary>The records of the answer section, each on a line, in the alphabet's order.</summary>
    public IReadOnlyList<string> Answer => Section("ANSWER");

    public IReadOnlyList<string> Authority => Section("AUTHORITY");

    public static async Task<DigReply> AskAsync(int port, string arguments)
    {
        string[] all = ["-r", "@127.0.0.1", "-p", $"{port}", "+tries=1", $"+time={Patience.Seconds}", .. arguments.Split(' ')];
        using Process dig = Process.Start(new ProcessStartInfo("dig", all) { RedirectStandardOutput = true })!;
        string text = await dig.StandardOutput.ReadToEndAsync();
        await dig.WaitForExitAsync();
        return new DigReply(text);
    }

    private List<string> Section(string name)
    {
        IEnumerable<string> lines = Text.Split('\n')
            .SkipWhile(line => line != $";; {name} SECTION:")
            .Skip(1)
            .TakeWhile(static line => line.Length > 0)
            .Select(static line => Blanks().Replace(line, " "));
        return [.. lines.Order(StringComparer.Ordinal)];
    }

    [GeneratedRegex(@"status: (\w+)")]
    private static partial Regex StatusPattern();

    [GeneratedRegex(";; flags: ([a-z ]*);")]
    private static partial Regex FlagsPattern();

    [GeneratedRegex("; EDNS: (.*)")]
    private static partial Regex EdnsPattern();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
