using ClusterDns.Protocol.Names;

namespace ClusterDns.Protocol.Presentation;

/// <summary>The words of one record's RDATA, taken from left to right; keeps the first error.</summary>
internal ref struct RdataTokens(ReadOnlySpan<TextToken> tokens, NameSpan origin)
{
    private readonly ReadOnlySpan<TextToken> _tokens = tokens;
    private int _next;

    /// <summary>What relative names end in.</summary>
    public NameSpan Origin { get; } = origin;

    /// <summary>What was found and what was expected; empty while nothing is wrong.</summary>
    public string Error { get; private set; } = "";

    public readonly bool AtEnd => _next == _tokens.Length;

    /// <summary>The next word; where there is none, an error that says what was expected.</summary>
    public bool TryNext(string expected, out TextToken token)
    {
        if (AtEnd)
        {
            token = default;
            Error = $"found the end of the record, expected {expected}";
            return false;
        }

        token = _tokens[_next++];
        return true;
    }

    /// <summary>Looks at the next word without taking it.</summary>
    public readonly bool TryPeek(out TextToken token)
    {
        token = AtEnd ? default : _tokens[_next];
        return !AtEnd;
    }

    /// <summary>Keeps the error; always false.</summary>
    public bool Fail(TextToken found, string expected)
    {
        Error = $"found {found}, expected {expected}";
        return false;
    }
}
