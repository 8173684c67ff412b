using System.Globalization;
using System.Text;

namespace ClusterDns.Core.Corefile;

/// <summary>An operator's mistake in a Corefile: one line with place, what was found and what was expected.</summary>
public sealed class CorefileException : Exception
{
    private const int LongestQuote = 80;

    /// <param name="file">As the operator named it.</param>
    /// <param name="line">Counted from 1; 0 when the mistake is the file itself.</param>
    /// <param name="found">A phrase; text of the Corefile in it goes through <see cref="Quote"/>.</param>
    /// <param name="expected">A phrase.</param>
    public CorefileException(string file, int line, string found, string expected)
        : this(file, line, $"found {found}, expected {expected}")
    {
        Found = found;
        Expected = expected;
    }

    /// <summary>For mistakes that "found, expected" cannot say; the text must be one line.</summary>
    public CorefileException(string file, int line, string text)
        : base($"{Place(file, line)}: {text}")
    {
        File = file;
        Line = line;
    }

    public string File { get; }

    public int Line { get; }

    /// <summary>Null when the message is free text.</summary>
    public string? Found { get; }

    /// <summary>Null when the message is free text.</summary>
    public string? Expected { get; }

    /// <summary>Text of a Corefile between quotes, on one line, cut when long.</summary>
    public static string Quote(string text)
    {
        StringBuilder quoted = new("'");
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, LongestQuote)))
        {
            _ = c switch
            {
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                _ when char.IsControl(c) || c is '\u2028' or '\u2029'
                    => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append(text.Length > LongestQuote ? "…'" : "'").ToString();
    }

    /// <summary><c>FILE:LINE</c>, the form in which every message names a place.</summary>
    internal static string Place(string file, int line) =>
        line == 0 ? file : string.Create(CultureInfo.InvariantCulture, $"{file}:{line}");
}
