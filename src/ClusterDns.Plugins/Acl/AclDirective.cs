using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Presentation;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Acl;

/// <summary>Reads <c>acl</c>: each occurrence is a rule, each line of its block a policy.</summary>
internal static class AclDirective
{
    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        var rules = directives.Select(directive => Read(directive, block)).ToArray();
        return next => new AclPlugin(next, rules, block);
    }

    private static AclRule Read(Directive directive, BlockContext block)
    {
        var zones = directive.ParseZones().Distinct().Select(zone => KeyValuePair.Create(zone, new AclZone(zone, block)));
        return new AclRule(new ZoneTable<AclZone>(zones), [.. directive.Properties.Select(ReadPolicy)]);
    }

    private static AclPolicy ReadPolicy(Directive line)
    {
        var action = line.Name.ToUpperInvariant() switch
        {
            "ALLOW" => AclAction.Allow,
            "BLOCK" => AclAction.Block,
            "FILTER" => AclAction.Filter,
            "DROP" => AclAction.Drop,
            _ => throw line.UnknownProperty("allow", "block", "filter", "drop"),
        };

        // A section may come more than once: what it lists adds up.
        List<RecordType>? types = null;
        List<(IPAddressValue Address, int Length)>? clients = null;
        var anyType = false;
        var anyone = false;
        for (var index = 0; index < line.Arguments.Count;)
        {
            var section = line.Arguments[index++];
            var words = line.Arguments.Skip(index).TakeWhile(static word => !IsSection(word)).ToList();
            if (!IsSection(section) || words.Count == 0)
            {
                throw IsSection(section) ? line.Error($"nothing follows {CorefileException.Quote(section.Text)}") : section.Unexpected("type or net");
            }

            index += words.Count;
            var listed = words.TakeWhile(static word => word.Text is not "*").ToList();
            var takesAll = listed.Count < words.Count;
            if (section.Text.Equals("type", StringComparison.OrdinalIgnoreCase))
            {
                anyType |= takesAll;
                (types ??= []).AddRange(listed.Select(ReadType));
            }
            else
            {
                anyone |= takesAll;
                (clients ??= []).AddRange(listed.Select(ReadClients));
            }
        }

        return new AclPolicy(action, anyType ? null : types?.ToArray(), anyone || clients is null ? null : new AddressSet(clients));
    }

    private static bool IsSection(Token word) =>
        word.Text.Equals("type", StringComparison.OrdinalIgnoreCase) || word.Text.Equals("net", StringComparison.OrdinalIgnoreCase);

    // Mnemonics are upper-case here, as in CoreDNS: "type a" is more likely a slip than a type.
    private static RecordType ReadType(Token word) =>
        RecordTypeText.TryParse(word.Text, out var type) && !word.Text.Any(char.IsAsciiLetterLower)
            ? type
            : throw word.Unexpected("a record type like AAAA, or *");

    private static (IPAddressValue Address, int Length) ReadClients(Token word) =>
        IPAddressValue.TryParsePrefix(word.Text, out var address, out var length)
            ? (address, length)
            : throw word.Unexpected("an address, a network like 10.0.0.0/8, or *");
}
