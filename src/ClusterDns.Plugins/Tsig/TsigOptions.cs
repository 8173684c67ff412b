using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Presentation;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Tsig;

/// <summary>The <c>tsig</c> directive of a server block, read.</summary>
/// <param name="Types">Types that must be signed; null: all.</param>
/// <param name="OpCodes">Opcodes that must be signed; null: all.</param>
internal sealed record TsigOptions(
    ZoneSet Zones, IReadOnlyList<TsigKey> Keys, IReadOnlySet<RecordType>? Types, IReadOnlySet<OpCode>? OpCodes)
{
    public static TsigOptions Read(DirectiveGroup directives, BlockContext block)
    {
        var zones = new List<DnsName>();
        var keys = new TsigKeyReader(block);
        IReadOnlySet<RecordType>? types = new HashSet<RecordType>();
        IReadOnlySet<OpCode>? opCodes = new HashSet<OpCode>();
        foreach (var directive in directives)
        {
            zones.AddRange(directive.ParseZones());
            foreach (var property in directive.Properties)
            {
                switch (property.Name)
                {
                    case "secret":
                        property.ExpectArguments(2, 2);
                        keys.Add(property.Arguments[0], property.Arguments[1]);
                        break;
                    case "secrets":
                        keys.AddFile(property.ExpectArgument());
                        break;
                    case "require":
                        types = ReadAll(property, ReadType);
                        break;
                    case "require_opcode":
                        opCodes = ReadAll(property, ReadOpCode);
                        break;
                    default:
                        throw property.UnknownProperty("secret", "secrets", "require", "require_opcode");
                }
            }
        }

        return new TsigOptions(new ZoneSet(zones), keys.Keys, types, opCodes);
    }

    public bool Requires(RecordType type, OpCode opCode) =>
        Types is null || OpCodes is null || Types.Contains(type) || OpCodes.Contains(opCode);

    private static HashSet<T>? ReadAll<T>(Directive property, Func<Token, T> read)
    {
        property.ExpectArguments(1);
        return property.Arguments[0].Text switch
        {
            "all" => null,
            "none" => [],
            _ => [.. property.Arguments.Select(read)],
        };
    }

    private static RecordType ReadType(Token word) =>
        RecordTypeText.TryParse(word.Text, out var type) ? type : throw word.Unexpected("a record type, 'all' or 'none'");

    private static OpCode ReadOpCode(Token word) =>
        Enum.TryParse<OpCode>(word.Text, ignoreCase: true, out var opCode) && Enum.IsDefined(opCode)
            ? opCode
            : throw word.Unexpected("an opcode such as QUERY, NOTIFY or UPDATE, 'all' or 'none'");
}
