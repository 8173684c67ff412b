namespace ClusterDns.Core.Corefile;

/// <summary>Finds what an <c>import</c> names: a snippet, a file, or the files of a pattern.</summary>
internal sealed class ImportResolver(Func<string, string?> environment, List<string> warnings)
{
    private readonly Dictionary<string, IReadOnlyList<Token>> _snippets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<Token>> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _importsOf = new(StringComparer.Ordinal);
    private int _imports;

    /// <param name="nameToken">Where the snippet is defined, <c>(NAME)</c>.</param>
    /// <param name="name">Without the parentheses.</param>
    /// <param name="body">Without the braces.</param>
    public void Define(Token nameToken, string name, IReadOnlyList<Token> body)
    {
        if (!_snippets.TryAdd(name, body))
        {
            throw nameToken.Unexpected("a snippet with a name that is not used yet");
        }
    }

    /// <param name="what">The argument of the import.</param>
    /// <param name="parent">What the import stands in.</param>
    public List<ImportedTokens> Resolve(Token what, ImportedTokens parent)
    {
        if (++_imports > CorefileLimits.Imports)
        {
            throw what.Unexpected($"at most {CorefileLimits.Imports} imports in one Corefile");
        }

        if (_snippets.TryGetValue(what.Text, out IReadOnlyList<Token>? snippet))
        {
            return [Import(what, $"({what.Text})", snippet, parent)];
        }

        return [.. FindFiles(what).Select(path => Import(what, Path.GetFullPath(path), ReadFile(what, path), parent))];
    }

    private ImportedTokens Import(Token what, string origin, IReadOnlyList<Token> tokens, ImportedTokens parent)
    {
        for (ImportedTokens? around = parent; around is not null; around = around.Parent)
        {
            if (around.Origin == origin)
            {
                throw what.Unexpected("something else than what it stands in: it would import itself for ever");
            }
        }

        if (parent.Depth >= CorefileLimits.ImportDepth)
        {
            throw what.Unexpected($"at most {CorefileLimits.ImportDepth} imports inside each other");
        }

        int count = _importsOf.GetValueOrDefault(origin) + 1;
        _importsOf[origin] = count;
        return count <= CorefileLimits.ImportsOfOne
            ? new ImportedTokens(origin, tokens, parent)
            : throw what.Unexpected($"at most {CorefileLimits.ImportsOfOne} imports of it");
    }

    private IReadOnlyList<Token> ReadFile(Token what, string path)
    {
        if (!_files.TryGetValue(path, out IReadOnlyList<Token>? tokens))
        {
            string text = CorefileReader.ReadAll(path, what.File, what.Line);
            tokens = new CorefileLexer(text, path, environment).ReadAll();
            _files.Add(path, tokens);
        }

        return tokens;
    }

    private List<string> FindFiles(Token what)
    {
        if (what.Text.Contains('\0', StringComparison.Ordinal))
        {
            throw what.Unexpected("a file name");
        }

        string pattern = Path.Combine(Path.GetDirectoryName(what.File) ?? "/", what.Text);
        if (what.Text.Count('*') > 1 || what.Text.Count('?') > 1 || what.Text.AsSpan().ContainsAny('[', ']'))
        {
            throw what.Unexpected("an import pattern with at most one '*' and one '?' and without '[' and ']'");
        }

        if (!what.Text.AsSpan().ContainsAny('*', '?'))
        {
            return File.Exists(pattern) || Directory.Exists(pattern)
                ? [pattern]
                : throw what.Unexpected("a snippet defined above or a file to import");
        }

        List<string> files = [.. FilePattern.Expand(pattern)];
        if (files.Count == 0)
        {
            string place = CorefileException.Place(what.File, what.Line);
            warnings.Add($"{place}: No files matching import glob pattern: {CorefileException.Quote(what.Text)}");
        }

        return files;
    }
}
