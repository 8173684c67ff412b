namespace ClusterDns.Core.Corefile;

/// <summary>The words of one file or snippet and how far they are read.</summary>
internal sealed class ImportedTokens(string origin, IReadOnlyList<Token> tokens, ImportedTokens? parent)
{
    private int _index;

    /// <summary>The file's full path, or the snippet's name in parentheses.</summary>
    public string Origin => origin;

    /// <summary>What the import stands in; null for the Corefile itself.</summary>
    public ImportedTokens? Parent => parent;

    /// <summary>How many imports this stands in.</summary>
    public int Depth { get; } = parent is null ? 0 : parent.Depth + 1;

    public int Count => tokens.Count;

    public bool AtStart => _index == 0;

    public bool AtEnd => _index == tokens.Count;

    public Token Current => tokens[_index];

    public void Advance() => _index++;
}
