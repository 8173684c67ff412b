using System.Diagnostics.CodeAnalysis;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Plugins.Hosts;

/// <summary>An address and the names it has, lower-cased: one line of a hosts file.</summary>
internal sealed record HostsLine(IPAddressValue Address, IReadOnlyList<DnsName> Names)
{
    /// <summary>Reads a file's lines; what is no address with names behind it is skipped, as resolvers do.</summary>
    public static IEnumerable<HostsLine> ReadAll(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            var words = line.Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 1 && TryRead(words[0], words.Skip(1), out var read))
            {
                yield return read;
            }
        }
    }

    /// <summary>Reads an address, its IPv6 scope cut off, and those of the names that are names.</summary>
    public static bool TryRead(string address, IEnumerable<string> names, [NotNullWhen(true)] out HostsLine? line)
    {
        line = null;
        if (!IPAddressValue.TryParse(address.Split('%')[0], out var value))
        {
            return false;
        }

        var read = new List<DnsName>();
        foreach (var name in names)
        {
            if (DnsName.TryParse(name, out var parsed))
            {
                read.Add(parsed.ToLower());
            }
        }

        line = new HostsLine(value, read);
        return true;
    }
}
