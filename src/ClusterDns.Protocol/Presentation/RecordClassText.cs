using System.Globalization;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Protocol.Presentation;

/// <summary>Mnemonics of CLASSes both ways, <c>CLASSnnn</c> included (RFC 3597 §5).</summary>
public static class RecordClassText
{
    private const string Prefix = "CLASS";

    /// <summary>Reads a mnemonic in any case, or <c>CLASS</c> and a number.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out RecordClass recordClass)
    {
        recordClass = text switch
        {
            _ when Is(text, "IN") => RecordClass.IN,
            _ when Is(text, "CH") => RecordClass.CH,
            _ when Is(text, "HS") => RecordClass.HS,
            _ when Is(text, "NONE") => RecordClass.NONE,
            _ when Is(text, "ANY") => RecordClass.ANY,
            _ => default,
        };
        if (recordClass != default)
        {
            return true;
        }

        if (text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            && ushort.TryParse(text[Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            recordClass = (RecordClass)number;
            return true;
        }

        return false;
    }

    public static string Format(RecordClass recordClass) => recordClass switch
    {
        RecordClass.IN => "IN",
        RecordClass.CH => "CH",
        RecordClass.HS => "HS",
        RecordClass.NONE => "NONE",
        RecordClass.ANY => "ANY",
        _ => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{(int)recordClass}"),
    };

    private static bool Is(ReadOnlySpan<char> text, string mnemonic) => text.Equals(mnemonic, StringComparison.OrdinalIgnoreCase);
}
