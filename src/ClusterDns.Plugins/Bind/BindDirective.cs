using System.Net;
using System.Net.NetworkInformation;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Bind;

/// <summary>Listens on certain addresses instead of all: addresses themselves, or those that interfaces have now.</summary>
internal static class BindDirective
{
    public static string Name => "bind";

    public static PluginFactory? Configure(DirectiveGroup directives, BlockContext block) =>
        Configure(directives, block, AddressesOfInterface);

    /// <param name="interfaces">The addresses of an interface by its name; null: there is no such interface.</param>
    internal static PluginFactory? Configure(
        DirectiveGroup directives, BlockContext block, Func<string, IReadOnlyList<IPAddress>?> interfaces)
    {
        foreach (var directive in directives)
        {
            if (directive.Arguments.Count == 0)
            {
                throw directive.Error("at least one address or interface name is expected");
            }

            var except = new HashSet<IPAddress>();
            foreach (var property in directive.Properties)
            {
                if (property.Name != "except")
                {
                    throw property.UnknownProperty("except");
                }

                property.ExpectArguments(1);
                except.UnionWith(property.Arguments.SelectMany(word => Expand(directive, word, interfaces)));
            }

            foreach (var address in directive.Arguments.SelectMany(word => Expand(directive, word, interfaces)))
            {
                if (!except.Contains(address) && !block.BindAddresses.Contains(address))
                {
                    block.BindAddresses.Add(address);
                }
            }
        }

        // An empty list would mean the wildcard: the opposite of what was asked.
        return block.BindAddresses.Count > 0 ? null : throw directives[0].Error("no address is left to listen on");
    }

    private static IReadOnlyList<IPAddress> Expand(
        Directive directive, Token word, Func<string, IReadOnlyList<IPAddress>?> interfaces)
    {
        if (interfaces(word.Text) is { } addresses)
        {
            return addresses;
        }

        // "127.1" is an address to IPAddress.Parse, but not to anybody who reads a Corefile.
        return IPAddress.TryParse(word.Text, out var address) && (word.Text.Contains(':') || word.Text.Count('.') == 3)
            ? [address]
            : throw new CorefileException(
                word.File, word.Line, $"plugin/{directive.Plugin}: not a valid IP address or interface name: \"{word.Text}\"");
    }

    private static IReadOnlyList<IPAddress>? AddressesOfInterface(string name)
    {
        foreach (var candidate in NetworkInterface.GetAllNetworkInterfaces())
        {
            if (candidate.Name == name)
            {
                return [.. candidate.GetIPProperties().UnicastAddresses.Select(static unicast => unicast.Address)];
            }
        }

        return null;
    }
}
