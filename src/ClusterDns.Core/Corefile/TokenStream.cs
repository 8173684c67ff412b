using System.Diagnostics.CodeAnalysis;

namespace ClusterDns.Core.Corefile;

/// <summary>The words of a Corefile in reading order; imported words come in the place of the import.</summary>
internal sealed class TokenStream
{
    private readonly ImportResolver _imports;
    private readonly Stack<ImportedTokens> _open = new();
    private readonly Token? _last;
    private int _count;

    public TokenStream(string fileName, IReadOnlyList<Token> tokens, ImportResolver imports)
    {
        _imports = imports;
        FileName = fileName;
        _last = tokens.Count > 0 ? tokens[^1] : null;
        Open([new ImportedTokens(Path.GetFullPath(fileName), tokens, null)]);
    }

    public string FileName { get; }

    /// <summary>The next word; null at the end.</summary>
    public Token? Peek
    {
        get
        {
            while (_open.Count > 0 && _open.Peek().AtEnd)
            {
                _open.Pop();
            }

            return _open.Count > 0 ? _open.Peek().Current : null;
        }
    }

    /// <summary>Whether the next word begins a line; the first word of something imported does.</summary>
    public bool PeekStartsLine => Peek is { } token && (token.StartsLine || _open.Peek().AtStart);

    /// <summary>Takes the next word, which <see cref="Peek"/> has shown to be there.</summary>
    public Token Next()
    {
        Token token = Peek ?? throw new InvalidOperationException("The stream of words is at its end.");
        _open.Peek().Advance();
        return token;
    }

    /// <summary>At the start of a line: replaces imports until something else is next.</summary>
    public void ExpandImports()
    {
        while (Peek is { IsImport: true } import)
        {
            ImportedTokens source = _open.Peek();
            source.Advance();
            Open(_imports.Resolve(ReadImportArgument(import, source), source));
        }
    }

    /// <summary>An error at the end of the file.</summary>
    [DoesNotReturn]
    public void ThrowAtEnd(string expected) =>
        throw new CorefileException(_last?.File ?? FileName, _last?.Line ?? 1, "the end of the file", expected);

    private static Token ReadImportArgument(Token import, ImportedTokens source)
    {
        const string Expected = "one file, pattern or snippet after 'import'";
        if (source.AtEnd || source.Current.StartsLine || source.Current.OpensBlock || source.Current.ClosesBlock)
        {
            throw new CorefileException(import.File, import.Line, "the end of the line", Expected);
        }

        Token what = source.Current;
        source.Advance();
        if (what.Text.Length == 0)
        {
            throw what.Unexpected(Expected);
        }

        return source.AtEnd || source.Current.StartsLine || source.Current.ClosesBlock
            ? what
            : throw source.Current.Unexpected("the end of the line: import takes one argument");
    }

    private void Open(List<ImportedTokens> sources)
    {
        for (int i = sources.Count - 1; i >= 0; i--)
        {
            _count += sources[i].Count;
            if (_count > CorefileLimits.Tokens)
            {
                Token first = sources[i].Current;
                throw new CorefileException(
                    first.File, first.Line, "too many words with imports expanded", $"at most {CorefileLimits.Tokens}");
            }

            _open.Push(sources[i]);
        }
    }
}
