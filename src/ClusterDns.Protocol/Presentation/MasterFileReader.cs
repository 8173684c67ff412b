using System.Buffers.Binary;
using System.Text;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Protocol.Presentation;

/// <summary>
/// Reads a master file record by record (RFC 1035 §5, RFC 2308 §4, and BIND's <c>$GENERATE</c> and TTL units). Holds one
/// entry of each open file at a time.
/// </summary>
public sealed class MasterFileReader : IDisposable
{
    /// <summary>How deep <c>$INCLUDE</c> may nest: a file that includes itself ends here.</summary>
    public const int MaxIncludeDepth = 8;

    private readonly Stack<MasterFile> _files = [];
    private readonly IMasterFileSource? _includes;
    private string _error = "";

    /// <param name="text">Octets as characters (Latin 1); disposed of by this reader.</param>
    /// <param name="path">How errors name the file.</param>
    /// <param name="origin">What relative names end in until <c>$ORIGIN</c>.</param>
    /// <param name="includes">Null: <c>$INCLUDE</c> is an error.</param>
    public MasterFileReader(TextReader text, string path, DnsName origin, IMasterFileSource? includes = null)
    {
        _includes = includes;
        _files.Push(new MasterFile(text, path, origin));
    }

    /// <summary>What is wrong and where: <c>file:line: found …, expected …</c>. Empty while nothing is.</summary>
    public string Error => _error;

    /// <summary>The line of the last record, or of the error, in the file it stands in.</summary>
    public int Line { get; private set; }

    /// <summary>Reads the next record. False at the end, and at the first error, behind which nothing is read.</summary>
    public bool TryRead(out ResourceRecord record)
    {
        record = default;
        while (_error.Length == 0 && _files.TryPeek(out var file))
        {
            if (file.Generate is { } generate)
            {
                if (generate.TryNext(out var words, out var error))
                {
                    return TryReadRecord(file, words, startsBlank: false, out record);
                }

                file.Generate = null;
                if (error.Length > 0)
                {
                    return Fail(file, error);
                }
            }

            if (!file.Lexer.TryReadEntry(out var lexerError))
            {
                if (lexerError.Length > 0)
                {
                    return Fail(file, lexerError);
                }

                _files.Pop().Dispose();
                continue;
            }

            var tokens = file.Lexer.Tokens;
            if (!file.Lexer.StartsBlank && !tokens[0].IsQuoted && tokens[0].Text.StartsWith('$'))
            {
                if (!TryReadDirective(file, tokens))
                {
                    return false;
                }

                continue;
            }

            return TryReadRecord(file, tokens, file.Lexer.StartsBlank, out record);
        }

        return false;
    }

    public void Dispose()
    {
        while (_files.TryPop(out var file))
        {
            file.Dispose();
        }
    }

    private bool TryReadRecord(MasterFile file, ReadOnlySpan<TextToken> tokens, bool startsBlank, out ResourceRecord record)
    {
        record = default;
        Line = file.Lexer.Line;
        if (!startsBlank && !TryReadOwner(file, tokens[0]))
        {
            return false;
        }

        if (file.Owner is not { } owner)
        {
            return Fail(file, "found a record without an owner, expected one, as there is none before it");
        }

        tokens = startsBlank ? tokens : tokens[1..];
        if (!RecordFieldsText.TryParse(tokens, out var fields, out var error)
            || !RdataText.TryParse(fields.Type, tokens[fields.WordCount..], file.Origin.Span, out var rdata, out error))
        {
            return Fail(file, error);
        }

        if (IsQueryOnly(fields.Type))
        {
            return Fail(file, $"found the type {RecordTypeText.Format(fields.Type)}, expected a type that records in a zone can have");
        }

        if (!TryChooseTtl(file, fields, rdata, out var ttl))
        {
            return Fail(file, "found a record without a TTL, expected one, as there is no $TTL, no TTL and no SOA before it");
        }

        record = new ResourceRecord(owner, fields.Type, fields.Class ?? RecordClass.IN, ttl, rdata);
        return true;
    }

    private bool TryReadOwner(MasterFile file, TextToken token)
    {
        Span<byte> wire = stackalloc byte[NameSpan.MaxLength];
        if (!NameText.TryParse(token.Text, wire, file.Origin.Span, out var length, out var error))
        {
            return Fail(file, $"found {token}, expected a name: {error}");
        }

        if (file.Owner is null || !wire[..length].SequenceEqual(file.Owner.Span.Wire))
        {
            file.Owner = DnsName.FromWire(wire[..length]);
        }

        return true;
    }

    // Written TTL, else $TTL, else the last one written, else the SOA's MINIMUM (RFC 2308 §4, RFC 1035 §5.1).
    private static bool TryChooseTtl(MasterFile file, in RecordFieldsText fields, byte[] rdata, out uint ttl)
    {
        if (fields.Ttl is { } written)
        {
            file.LastTtl = written;
            ttl = written;
            return true;
        }

        if (fields.Type == RecordType.SOA && file.DirectiveTtl is null && file.LastTtl is null)
        {
            file.LastTtl = BinaryPrimitives.ReadUInt32BigEndian(rdata.AsSpan(^sizeof(uint)));
        }

        var inherited = file.DirectiveTtl ?? file.LastTtl;
        ttl = inherited ?? 0;
        return inherited is not null;
    }

    // Questions and what only lives inside a message (RFC 6895 §3.1).
    private static bool IsQueryOnly(RecordType type) =>
        type is RecordType.None or RecordType.OPT or (>= RecordType.NXNAME and <= RecordType.ANY);

    private bool TryReadDirective(MasterFile file, ReadOnlySpan<TextToken> tokens)
    {
        Line = file.Lexer.Line;
        var name = tokens[0].Text;
        var words = tokens[1..];
        if (name.Equals("$ORIGIN", StringComparison.OrdinalIgnoreCase))
        {
            return TryReadOrigin(file, words);
        }

        if (name.Equals("$TTL", StringComparison.OrdinalIgnoreCase))
        {
            return TryReadTtl(file, words);
        }

        if (name.Equals("$INCLUDE", StringComparison.OrdinalIgnoreCase))
        {
            return TryReadInclude(file, words);
        }

        if (name.Equals("$GENERATE", StringComparison.OrdinalIgnoreCase))
        {
            var isRead = GenerateDirective.TryParse(words, out var generate, out var error);
            file.Generate = generate;
            return isRead || Fail(file, error);
        }

        return Fail(file, $"found {tokens[0]}, expected $ORIGIN, $TTL, $INCLUDE or $GENERATE");
    }

    private bool TryReadOrigin(MasterFile file, ReadOnlySpan<TextToken> words)
    {
        if (words.Length != 1)
        {
            return Fail(file, $"found {words.Length} words behind $ORIGIN, expected one name");
        }

        return TryReadName(file, words[0], out var origin) && Set(file, origin);

        static bool Set(MasterFile file, DnsName origin)
        {
            file.Origin = origin;
            return true;
        }
    }

    private bool TryReadTtl(MasterFile file, ReadOnlySpan<TextToken> words)
    {
        if (words.Length != 1 || !TtlText.TryParse(words[0].Text, out var ttl) || ttl > TtlText.MaxTtl)
        {
            var found = words.Length == 1 ? words[0].ToString() : $"{words.Length} words behind $TTL";
            return Fail(file, $"found {found}, expected a TTL of at most {TtlText.MaxTtl} seconds, such as 3600 or 1h");
        }

        file.DirectiveTtl = ttl;
        return true;
    }

    private bool TryReadInclude(MasterFile file, ReadOnlySpan<TextToken> words)
    {
        if (words.Length is not (1 or 2))
        {
            return Fail(file, $"found {words.Length} words behind $INCLUDE, expected a file and perhaps an origin");
        }

        if (_files.Count >= MaxIncludeDepth)
        {
            return Fail(file, $"found an $INCLUDE in {MaxIncludeDepth} files within one another, expected fewer");
        }

        var origin = file.Origin;
        if (words.Length == 2 && !TryReadName(file, words[1], out origin))
        {
            return false;
        }

        var octets = new RdataBuffer();
        if (_includes is null || !CharacterStringText.TryDecode(words[0].Text, octets))
        {
            return Fail(file, $"found {words[0]}, expected {(_includes is null ? "no $INCLUDE here" : "a path")}");
        }

        if (!_includes.TryOpen(Encoding.UTF8.GetString(octets.Written), file.Path, out var text, out var path, out var error))
        {
            return Fail(file, $"found {words[0]}, expected a file that can be read: {error}");
        }

        // What the included file sets ends with it (RFC 1035 §5.1).
        _files.Push(new MasterFile(text, path, origin)
        {
            Owner = file.Owner,
            DirectiveTtl = file.DirectiveTtl,
            LastTtl = file.LastTtl,
        });
        return true;
    }

    private bool TryReadName(MasterFile file, TextToken token, out DnsName name)
    {
        Span<byte> wire = stackalloc byte[NameSpan.MaxLength];
        if (!NameText.TryParse(token.Text, wire, file.Origin.Span, out var length, out var error))
        {
            name = DnsName.Root;
            return Fail(file, $"found {token}, expected a name: {error}");
        }

        name = DnsName.FromWire(wire[..length]);
        return true;
    }

    private bool Fail(MasterFile file, string error)
    {
        Line = file.Lexer.Line;
        _error = $"{file.Path}:{Line}: {error}";
        return false;
    }
}
