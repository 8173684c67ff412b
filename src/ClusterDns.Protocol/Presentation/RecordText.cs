using System.Globalization;
using System.Text;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Protocol.Presentation;

/// <summary>One record ⇄ one line: <c>owner TTL CLASS TYPE RDATA</c>.</summary>
public static class RecordText
{
    /// <summary>What a line without a TTL gets, where its reader has nothing better.</summary>
    public const uint DefaultTtl = 3600;

    /// <summary>Reads one record; TTL and CLASS may be missing or swapped, the owner not.</summary>
    /// <param name="origin">What relative names end in; null: the root.</param>
    /// <param name="error">What was found and what was expected, where the result is false.</param>
    public static bool TryParse(string line, DnsName? origin, uint defaultTtl, out ResourceRecord record, out string error)
    {
        ArgumentNullException.ThrowIfNull(line);
        using var source = new StringReader(OctetText.From(line));
        var lexer = new EntryLexer(source);
        record = default;
        if (!lexer.TryReadEntry(out error))
        {
            error = error.Length > 0 ? error : "found nothing, expected a record";
            return false;
        }

        var end = (origin ?? DnsName.Root).Span;
        Span<byte> owner = stackalloc byte[NameSpan.MaxLength];
        if (!NameText.TryParse(lexer.Tokens[0].Text, owner, end, out var length, out error))
        {
            error = $"found {lexer.Tokens[0]}, expected a name: {error}";
            return false;
        }

        if (!RecordFieldsText.TryParse(lexer.Tokens[1..], out var fields, out error)
            || !RdataText.TryParse(fields.Type, lexer.Tokens[(1 + fields.WordCount)..], end, out var rdata, out error))
        {
            return false;
        }

        record = new ResourceRecord(
            DnsName.FromWire(owner[..length]), fields.Type, fields.Class ?? RecordClass.IN, fields.Ttl ?? defaultTtl, rdata);
        if (lexer.TryReadEntry(out error) || error.Length > 0)
        {
            error = "found a second line, expected one record";
            return false;
        }

        return true;
    }

    public static string Format(in ResourceRecord record) =>
        Format(record.Owner.Span, record.Type, record.Class, record.Ttl, record.Rdata);

    public static string Format(NameSpan owner, RecordType type, RecordClass recordClass, uint ttl, ReadOnlySpan<byte> rdata)
    {
        var text = new StringBuilder();
        NameText.Append(text, owner);
        text.Append(CultureInfo.InvariantCulture, $" {ttl} {RecordClassText.Format(recordClass)} {RecordTypeText.Format(type)} ");
        RdataText.Append(text, type, rdata);
        return text.ToString();
    }
}
