using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;

namespace ClusterDns.Plugins.Transfer;

/// <summary>One <c>transfer</c> directive: which zones, to whom.</summary>
/// <param name="Secondaries">Addresses that may have the zones and are told of changes.</param>
/// <param name="IsOpen">Everybody may have them.</param>
/// <param name="Source">Address that notifications are sent from; null: the system's choice.</param>
internal sealed record TransferRule(
    ZoneSet Zones, IReadOnlyList<SocketEndpoint> Secondaries, bool IsOpen, IPAddressValue? Source)
{
    private const ushort DefaultPort = 53;

    public static TransferRule Read(Directive directive)
    {
        var secondaries = new List<SocketEndpoint>();
        var isOpen = false;
        IPAddressValue? source = null;
        foreach (var property in directive.Properties)
        {
            switch (property.Name)
            {
                case "to":
                    property.ExpectArguments(1);
                    foreach (var word in property.Arguments)
                    {
                        if (word.Text is "*")
                        {
                            isOpen = true;
                        }
                        else
                        {
                            secondaries.Add(SocketEndpoint.TryParse(word.Text, DefaultPort, out var secondary)
                                ? secondary
                                : throw word.Unexpected("'*' or an IP address, with a port or without"));
                        }
                    }

                    break;
                case "source":
                    source = IPAddressValue.TryParse(property.ExpectArgument().Text, out var address)
                        ? address
                        : throw property.Arguments[0].Unexpected("an IP address");
                    break;
                default:
                    throw property.UnknownProperty("to", "source");
            }
        }

        return isOpen || secondaries.Count > 0
            ? new TransferRule(new ZoneSet(directive.ParseZones()), secondaries, isOpen, source)
            : throw directive.Error("'to' is required");
    }

    /// <summary>True where the client may have the zones.</summary>
    public bool Allows(IPAddressValue client)
    {
        if (IsOpen)
        {
            return true;
        }

        foreach (var secondary in Secondaries)
        {
            if (secondary.Address == client)
            {
                return true;
            }
        }

        return false;
    }
}
