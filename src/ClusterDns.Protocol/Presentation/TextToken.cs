namespace ClusterDns.Protocol.Presentation;

/// <summary>
/// One word of presentation form, escapes still in it: each character stands for one octet (see <see cref="OctetText"/>).
/// </summary>
/// <param name="text">Without the quotes around it.</param>
/// <param name="isQuoted">It stood in quotes: a character-string, never a keyword.</param>
/// <param name="line">The line it starts in, from 1.</param>
public readonly struct TextToken(ReadOnlyMemory<char> text, bool isQuoted, int line)
{
    public ReadOnlyMemory<char> Memory { get; } = text;

    public ReadOnlySpan<char> Text => Memory.Span;

    public bool IsQuoted { get; } = isQuoted;

    public int Line { get; } = line;

    /// <summary>The word as an error message shows it, cut where it is long.</summary>
    public override string ToString() => Memory.Length > 40 ? $"'{Text[..40]}…'" : $"'{Text}'";
}
