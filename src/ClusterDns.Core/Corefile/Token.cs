using System.Globalization;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Core.Corefile;

/// <summary>One word of a Corefile, with the place it stands at and the readings that directives need of it.</summary>
public sealed class Token
{
    /// <summary>Environment variables are already substituted in it.</summary>
    public required string Text { get; init; }

    public required string File { get; init; }

    /// <summary>Where the word begins, counted from 1.</summary>
    public required int Line { get; init; }

    /// <summary>Stood between double quotes, so braces, commas and <c>import</c> in it are plain text.</summary>
    public bool IsQuoted { get; init; }

    /// <summary>First word on its line.</summary>
    internal bool StartsLine { get; init; }

    /// <summary>Came out of an environment variable at least in part: then, too, it is never punctuation.</summary>
    internal bool IsSubstituted { get; init; }

    internal bool OpensBlock => IsWord("{");

    internal bool ClosesBlock => IsWord("}");

    internal bool IsImport => IsWord("import");

    /// <summary>An error at this word: it was found, <paramref name="expected"/> was not.</summary>
    public CorefileException Unexpected(string expected) =>
        new(File, Line, CorefileException.Quote(Text), expected);

    /// <summary>Both bounds are allowed values.</summary>
    public int ParseInt(int min = int.MinValue, int max = int.MaxValue) =>
        int.TryParse(Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
            && value >= min && value <= max
            ? value
            : throw Unexpected(Range("a whole number", min, max, int.MinValue, int.MaxValue));

    /// <summary>Both bounds are allowed values; infinities and NaN are not.</summary>
    public double ParseFloat(double min = double.MinValue, double max = double.MaxValue) =>
        double.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && double.IsFinite(value) && value >= min && value <= max
            ? value
            : throw Unexpected(Range("a number", min, max, double.MinValue, double.MaxValue));

    /// <summary>A duration as Go writes them, <c>1m30s</c>; never below zero.</summary>
    public TimeSpan ParseDuration() => ParseDuration(TimeSpan.Zero, TimeSpan.MaxValue);

    /// <summary>Both bounds are allowed values.</summary>
    public TimeSpan ParseDuration(TimeSpan min, TimeSpan max) =>
        GoDuration.TryParse(Text, out TimeSpan value) && value >= min && value <= max
            ? value
            : throw Unexpected(DurationRange(min, max));

    /// <summary>As <see cref="ParseDuration(TimeSpan, TimeSpan)"/>; a number without a unit counts seconds.</summary>
    public TimeSpan ParseDurationOrSeconds(TimeSpan min, TimeSpan max)
    {
        string text = Text.Length > 0 && char.IsAsciiDigit(Text[^1]) ? Text + "s" : Text;
        return GoDuration.TryParse(text, out TimeSpan value) && value >= min && value <= max
            ? value
            : throw Unexpected(DurationRange(min, max));
    }

    /// <summary>A zone, or the zones an address range stands for; a scheme or a port beside it is dropped.</summary>
    public IReadOnlyList<DnsName> ParseZones() => ServerKeyReader.Read(this, Text).ConvertAll(static key => key.Zone);

    public override string ToString() => Text;

    private bool IsWord(string word) => !IsQuoted && !IsSubstituted && Text == word;

    private static string Range<T>(string what, T min, T max, T lowest, T highest)
        where T : IComparable<T>
    {
        bool bounded = max.CompareTo(highest) < 0;
        return min.CompareTo(lowest) > 0
            ? bounded ? $"{what} from {min} to {max}" : $"{what} of {min} or more"
            : bounded ? $"{what} of {max} or less" : what;
    }

    private static string DurationRange(TimeSpan min, TimeSpan max)
    {
        string what = max < TimeSpan.MaxValue
            ? $"a duration from {GoDuration.Format(min)} to {GoDuration.Format(max)}"
            : min > TimeSpan.Zero ? $"a duration of {GoDuration.Format(min)} or more" : "a duration";
        return what + " like 5s, 1m30s or 100ms";
    }
}
