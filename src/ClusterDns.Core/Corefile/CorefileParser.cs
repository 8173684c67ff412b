using ClusterDns.Protocol.Names;

namespace ClusterDns.Core.Corefile;

/// <summary>Reads server blocks and snippets from words; single use.</summary>
internal sealed class CorefileParser(TokenStream tokens, ImportResolver imports, List<string> warnings)
{
    private readonly List<ServerBlock> _blocks = [];
    private int _keys;

    public List<ServerBlock> Parse()
    {
        while (true)
        {
            tokens.ExpandImports();
            switch (tokens.Peek)
            {
                case null:
                    return _blocks;
                case { ClosesBlock: true } brace:
                    tokens.Next();
                    Warn(brace, "ignoring '}', which closes nothing");
                    break;
                case { } name when IsSnippetName(name):
                    ReadSnippet(tokens.Next());
                    break;
                default:
                    ReadServerBlock();
                    break;
            }
        }
    }

    private void ReadServerBlock()
    {
        Token first = tokens.Peek!; // The caller has seen that there is a word.
        List<ServerKey> keys = ReadKeys();
        DnsName[] zones = [.. keys.Select(static key => key.Zone)];
        List<Directive> directives = tokens.Peek is { OpensBlock: true }
            ? ReadBracedBlock(null, zones, 0)
            : ReadUnbracedBlock(zones);
        if (keys.Count == 0)
        {
            Warn(first, "ignoring a server block that names no zone");
            return;
        }

        _blocks.Add(new ServerBlock { Keys = keys, Directives = directives, File = first.File, Line = first.Line });
    }

    // Keys end at the brace or at the end of a line that has no comma at its end.
    private List<ServerKey> ReadKeys()
    {
        List<ServerKey> keys = [];
        Token? comma = null;
        bool isFirst = true;
        while (true)
        {
            bool startsLine = tokens.PeekStartsLine;
            if (startsLine && (isFirst || comma is not null))
            {
                tokens.ExpandImports();
            }

            Token? token = tokens.Peek;
            if (token is null or { OpensBlock: true } || (startsLine && !isFirst && comma is null))
            {
                return comma is null
                    ? keys
                    : throw (token ?? comma).Unexpected("another zone after the comma");
            }

            tokens.Next();
            comma = ReadKeysOf(token, keys) ? token : null;
            isFirst = false;
        }
    }

    /// <summary>True when the word ends with a comma.</summary>
    private bool ReadKeysOf(Token token, List<ServerKey> keys)
    {
        if (IsSnippetName(token))
        {
            throw token.Unexpected("a zone, or a snippet with no zone beside it");
        }

        if (token is { IsQuoted: false, IsSubstituted: false } && token.Text.Length > 1 && token.Text.EndsWith('{'))
        {
            throw token.Unexpected("a space before '{'");
        }

        foreach (string text in token.Text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            List<ServerKey> read = ServerKeyReader.Read(token, text);
            keys.AddRange(read);
            _keys += read.Count;
            if (_keys > CorefileLimits.Keys)
            {
                throw token.Unexpected($"at most {CorefileLimits.Keys} zones in one Corefile");
            }
        }

        return token.Text.EndsWith(',');
    }

    private void ReadSnippet(Token name)
    {
        if (tokens.Peek is not { OpensBlock: true })
        {
            throw tokens.Peek?.Unexpected($"'{{' after the snippet's name {CorefileException.Quote(name.Text)}")
                ?? new CorefileException(name.File, name.Line, "the end of the file", "'{' after the snippet's name");
        }

        Token brace = tokens.Next();
        List<Token> body = [];
        for (int depth = 1; ;)
        {
            Token token = NextIn(brace);
            depth += token.OpensBlock ? 1 : token.ClosesBlock ? -1 : 0;
            if (depth == 0)
            {
                break;
            }

            body.Add(token);
        }

        imports.Define(name, name.Text[1..^1], body);
    }

    private List<Directive> ReadBracedBlock(string? plugin, IReadOnlyList<DnsName> zones, int depth)
    {
        Token brace = tokens.Next();
        if (depth > CorefileLimits.Nesting)
        {
            throw brace.Unexpected($"at most {CorefileLimits.Nesting} blocks inside each other");
        }

        List<Directive> directives = [];
        while (true)
        {
            tokens.ExpandImports();
            Token token = NextIn(brace);
            if (token.ClosesBlock)
            {
                return directives;
            }

            directives.Add(ReadDirective(token, plugin, zones, depth));
        }
    }

    // The only block of a file may go without braces.
    private List<Directive> ReadUnbracedBlock(IReadOnlyList<DnsName> zones)
    {
        List<Directive> directives = [];
        while (true)
        {
            tokens.ExpandImports();
            if (tokens.Peek is not { } token)
            {
                return directives;
            }

            tokens.Next();
            if (token.ClosesBlock)
            {
                Warn(token, "taking '}' as the end of a server block that was opened without '{'");
                return directives;
            }

            directives.Add(ReadDirective(token, null, zones, 0));
        }
    }

    private Directive ReadDirective(Token name, string? plugin, IReadOnlyList<DnsName> zones, int depth)
    {
        if (name.OpensBlock)
        {
            throw name.Unexpected("a directive");
        }

        plugin ??= name.Text;
        List<Token> arguments = [];
        while (tokens.Peek is { OpensBlock: false, ClosesBlock: false } && !tokens.PeekStartsLine)
        {
            arguments.Add(tokens.Next());
        }

        List<Directive>? block = null;
        if (tokens.Peek is { OpensBlock: true })
        {
            block = ReadBracedBlock(plugin, zones, depth + 1);
            if (tokens.Peek is { ClosesBlock: false } after && !tokens.PeekStartsLine)
            {
                throw after.Unexpected("the end of the line after '}'");
            }
        }

        return new Directive
        {
            Name = name.Text,
            Arguments = arguments,
            Block = block,
            File = name.File,
            Line = name.Line,
            Plugin = plugin,
            ServerZones = zones,
        };
    }

    private Token NextIn(Token brace)
    {
        if (tokens.Peek is null)
        {
            tokens.ThrowAtEnd($"'}}' to close the block opened at {CorefileException.Place(brace.File, brace.Line)}");
        }

        return tokens.Next();
    }

    private static bool IsSnippetName(Token token) =>
        !token.IsQuoted && token.Text.Length > 2 && token.Text[0] == '(' && token.Text[^1] == ')';

    private void Warn(Token token, string text) =>
        warnings.Add($"{CorefileException.Place(token.File, token.Line)}: {text}");
}
