using ClusterDns.Protocol.Records;

namespace ClusterDns.Protocol.Presentation;

/// <summary>What stands between a record's owner and its RDATA: TTL and CLASS in any order, each if wanted, then TYPE (RFC 1035 §5.1).</summary>
internal readonly struct RecordFieldsText(uint? ttl, RecordClass? recordClass, RecordType type, int wordCount)
{
    /// <summary>Null where none is written.</summary>
    public uint? Ttl { get; } = ttl;

    /// <summary>Null where none is written.</summary>
    public RecordClass? Class { get; } = recordClass;

    public RecordType Type { get; } = type;

    /// <summary>Words taken; the RDATA's follow.</summary>
    public int WordCount { get; } = wordCount;

    public static bool TryParse(ReadOnlySpan<TextToken> tokens, out RecordFieldsText fields, out string error)
    {
        uint? ttl = null;
        RecordClass? recordClass = null;
        fields = default;
        for (var index = 0; index < tokens.Length; index++)
        {
            var token = tokens[index];
            if (!token.IsQuoted && ttl is null && TtlText.TryParse(token.Text, out var seconds))
            {
                if (seconds > TtlText.MaxTtl)
                {
                    error = $"found {token}, expected a TTL of at most {TtlText.MaxTtl} seconds";
                    return false;
                }

                ttl = seconds;
            }
            else if (!token.IsQuoted && recordClass is null && RecordClassText.TryParse(token.Text, out var value)
                && value != RecordClass.ANY)
            {
                // ANY is a type here: no record in a zone has that class.
                recordClass = value;
            }
            else if (!token.IsQuoted && RecordTypeText.TryParse(token.Text, out var type))
            {
                fields = new RecordFieldsText(ttl, recordClass, type, index + 1);
                error = "";
                return true;
            }
            else
            {
                error = $"found {token}, expected {Expected(ttl, recordClass)}";
                return false;
            }
        }

        error = $"found the end of the record, expected {Expected(ttl, recordClass)}";
        return false;
    }

    private static string Expected(uint? ttl, RecordClass? recordClass) =>
        (ttl is null ? "a TTL, " : "") + (recordClass is null ? "a class or " : "") + "a record type";
}
