using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Plugins.Secondary;

/// <summary>A <c>secondary</c> directive, read.</summary>
/// <param name="Primaries">In the order they are asked.</param>
/// <param name="Key">Name of a key of the block's <c>tsig</c> that requests are signed with; null: they are not.</param>
/// <param name="IsCatalog">The zones are catalogs, whose members are served too (RFC 9432).</param>
/// <param name="Members">Zones that a catalog may name.</param>
/// <param name="Fallthrough">Null where the directive does not speak of it.</param>
internal sealed record SecondaryOptions(
    IReadOnlyList<DnsName> Zones,
    IReadOnlyList<SocketEndpoint> Primaries,
    DnsName? Key,
    bool IsCatalog,
    ZoneSet Members,
    ZoneSet? Fallthrough)
{
    private const ushort DefaultPort = 53;

    public static SecondaryOptions Read(Directive directive)
    {
        var primaries = new List<SocketEndpoint>();
        DnsName? key = null;
        var isCatalog = false;
        var members = ZoneSet.All;
        ZoneSet? fallthrough = null;
        foreach (var property in directive.Properties)
        {
            switch (property.Name)
            {
                case "transfer":
                    ReadPrimaries(property, primaries);
                    break;
                case "key":
                    key = DnsName.TryParse(property.ExpectArgument().Text, out var name)
                        ? name.ToLower()
                        : throw property.Arguments[0].Unexpected("the name of a key");
                    break;
                case "catalog":
                    isCatalog = true;
                    members = new ZoneSet(property.ParseZones(0, ZoneSet.All.Zones));
                    break;
                case "fallthrough":
                    fallthrough = new ZoneSet(property.ParseZones(0, ZoneSet.All.Zones));
                    break;
                case "upstream":
                    // Of old versions; aliases that lead out of the zone are always looked up.
                    break;
                default:
                    throw property.UnknownProperty("transfer", "key", "catalog", "fallthrough");
            }
        }

        return primaries.Count > 0
            ? new SecondaryOptions(directive.ParseZones(), primaries, key, isCatalog, members, fallthrough)
            : throw directive.Error("found no 'transfer from', expected one: secondary zones come from somewhere");
    }

    private static void ReadPrimaries(Directive property, List<SocketEndpoint> primaries)
    {
        property.ExpectArguments(2);
        if (property.Arguments[0].Text is not "from")
        {
            throw property.Arguments[0].Unexpected("'from' and addresses");
        }

        foreach (var word in property.Arguments.Skip(1))
        {
            primaries.Add(SocketEndpoint.TryParse(word.Text, DefaultPort, out var primary)
                ? primary
                : throw word.Unexpected("an IP address, with a port or without"));
        }
    }
}
