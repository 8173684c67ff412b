using System.Collections.Frozen;
using System.Globalization;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Protocol.Presentation;

/// <summary>Mnemonics of TYPEs both ways, <c>TYPEnnn</c> included (RFC 3597 §5).</summary>
public static class RecordTypeText
{
    private const string Prefix = "TYPE";

    private static readonly FrozenDictionary<RecordType, string> Names = Enum.GetValues<RecordType>()
        .Where(static type => type != RecordType.None)
        .ToFrozenDictionary(static type => type, static type => type == RecordType.NSAPPTR ? "NSAP-PTR" : type.ToString());

    private static readonly FrozenDictionary<string, RecordType>.AlternateLookup<ReadOnlySpan<char>> Types = Names
        .ToFrozenDictionary(static pair => pair.Value, static pair => pair.Key, StringComparer.OrdinalIgnoreCase)
        .GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Reads a mnemonic in any case, or <c>TYPE</c> and a number.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out RecordType type)
    {
        if (Types.TryGetValue(text, out type))
        {
            return true;
        }

        if (text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            && ushort.TryParse(text[Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            type = (RecordType)number;
            return true;
        }

        return false;
    }

    public static string Format(RecordType type) =>
        Names.TryGetValue(type, out var name) ? name : string.Create(CultureInfo.InvariantCulture, $"{Prefix}{(int)type}");
}
