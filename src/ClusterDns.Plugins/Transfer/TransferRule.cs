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
                            secondaries.Add(ReadAddress(word));
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

    // 192.0.2.1, 192.0.2.1:5353, 2001:db8::1, [2001:db8::1]:53
    private static SocketEndpoint ReadAddress(Token word)
    {
        if (IPAddressValue.TryParse(word.Text, out var address))
        {
            return new SocketEndpoint(address, DefaultPort);
        }

        return System.Net.IPEndPoint.TryParse(word.Text, out var endpoint) && endpoint.Port > 0
            ? new SocketEndpoint(IPAddressValue.From(endpoint.Address), (ushort)endpoint.Port)
            : throw word.Unexpected("'*' or an IP address, with a port or without");
    }
}
