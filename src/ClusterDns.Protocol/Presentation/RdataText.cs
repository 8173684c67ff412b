using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Protocol.Presentation;

/// <summary>RDATA between presentation form and uncompressed wire form; bad text is a value, never an exception.</summary>
public static class RdataText
{
    private const string GenericMark = @"\#";

    /// <summary>
    /// Reads the words of one RDATA. <c>\# n hex</c> is taken for every type (RFC 3597 §5) and must have the form of the
    /// type all the same.
    /// </summary>
    /// <param name="error">What was found and what was expected, where the result is false.</param>
    public static bool TryParse(
        RecordType type, ReadOnlySpan<TextToken> tokens, NameSpan origin, [NotNullWhen(true)] out byte[]? rdata, out string error)
    {
        var reader = new RdataTokens(tokens, origin);
        var buffer = new RdataBuffer();
        rdata = null;
        var isParsed = IsGeneric(tokens) ? TryParseGeneric(type, ref reader, buffer) : TryParseFields(type, ref reader, buffer);
        error = reader.Error;
        if (!isParsed)
        {
            return false;
        }

        if (!reader.AtEnd)
        {
            _ = reader.TryNext("", out var extra);
            error = $"found {extra}, expected the end of the record";
            return false;
        }

        if (buffer.Length > ushort.MaxValue)
        {
            error = $"found RDATA of {buffer.Length} octets, expected at most 65535";
            return false;
        }

        rdata = buffer.Written.ToArray();
        return true;
    }

    /// <summary>Reads RDATA that stands alone on a line.</summary>
    /// <param name="origin">What relative names end in; null: the root.</param>
    public static bool TryParse(
        RecordType type, string text, DnsName? origin, [NotNullWhen(true)] out byte[]? rdata, out string error)
    {
        ArgumentNullException.ThrowIfNull(text);
        using var source = new StringReader(OctetText.From(text));
        var lexer = new EntryLexer(source);
        rdata = null;
        if (!lexer.TryReadEntry(out error) && error.Length > 0)
        {
            return false;
        }

        // Without an entry there are no words, which is a whole APL (RFC 3123 §4).
        if (!TryParse(type, lexer.Tokens, (origin ?? DnsName.Root).Span, out rdata, out error))
        {
            return false;
        }

        if (lexer.TryReadEntry(out error) || error.Length > 0)
        {
            error = "found a second line, expected one RDATA";
            return false;
        }

        return true;
    }

    /// <summary>
    /// The canonical text: names absolute, hexadecimal in capitals, base 64 in one word. RDATA that has not the form of
    /// its type is written as that of an unknown type, so whatever is given comes back.
    /// </summary>
    public static string Format(RecordType type, ReadOnlySpan<byte> rdata)
    {
        var text = new StringBuilder();
        Append(text, type, rdata);
        return text.ToString();
    }

    /// <summary>Appends what <see cref="Format"/> returns.</summary>
    public static void Append(StringBuilder text, RecordType type, ReadOnlySpan<byte> rdata)
    {
        ArgumentNullException.ThrowIfNull(text);
        var start = text.Length;
        var fields = RdataFields.Of(type);
        var rest = rdata;
        if (!fields.IsEmpty && TryAppendFields(text, fields, ref rest) && rest.IsEmpty)
        {
            return;
        }

        text.Length = start;
        text.Append(CultureInfo.InvariantCulture, $"{GenericMark} {rdata.Length}");
        if (!rdata.IsEmpty)
        {
            text.Append(' ');
            OctetsText.AppendHex(text, rdata);
        }
    }

    private static bool IsGeneric(ReadOnlySpan<TextToken> tokens) =>
        !tokens.IsEmpty && !tokens[0].IsQuoted && tokens[0].Text.SequenceEqual(GenericMark);

    private static bool TryParseGeneric(RecordType type, ref RdataTokens tokens, RdataBuffer rdata)
    {
        _ = tokens.TryNext("", out _);
        if (!tokens.TryNext("the length of the RDATA", out var count))
        {
            return false;
        }

        if (!ushort.TryParse(count.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var length))
        {
            return tokens.Fail(count, "the length of the RDATA, from 0 to 65535");
        }

        if (length > 0 && !OctetsText.TryParseHexRest(ref tokens, rdata))
        {
            return false;
        }

        if (rdata.Length != length)
        {
            return tokens.Fail(count, $"the number of octets behind it, {rdata.Length}");
        }

        return RdataCodec.IsWellFormed(type, rdata.Written)
            || tokens.Fail(count, $"octets that are RDATA of the type {RecordTypeText.Format(type)}");
    }

    private static bool TryParseFields(RecordType type, ref RdataTokens tokens, RdataBuffer rdata)
    {
        var fields = RdataFields.Of(type);
        if (fields.IsEmpty)
        {
            _ = tokens.TryPeek(out var found);
            return tokens.Fail(found, $@"\# and the RDATA's length and octets, as {RecordTypeText.Format(type)} has no other form here");
        }

        foreach (var field in fields)
        {
            if (!RdataFieldText.TryParse(field, ref tokens, rdata))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryAppendFields(StringBuilder text, ReadOnlySpan<RdataField> fields, ref ReadOnlySpan<byte> rdata)
    {
        var start = text.Length;
        foreach (var field in fields)
        {
            if (text.Length > start)
            {
                text.Append(' ');
            }

            if (!RdataFieldText.TryFormat(field, ref rdata, text))
            {
                return false;
            }
        }

        // A last field that may be empty leaves the space in front of it.
        if (text.Length > start && text[^1] == ' ')
        {
            text.Length--;
        }

        return true;
    }
}
