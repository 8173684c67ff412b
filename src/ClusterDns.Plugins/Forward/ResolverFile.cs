using System.Net;

namespace ClusterDns.Plugins.Forward;

/// <summary>A file in the form of resolv.conf, of which only the <c>nameserver</c> lines count.</summary>
internal static class ResolverFile
{
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyList<IPAddress> ReadNameServers(string path)
    {
        var servers = new List<IPAddress>();
        foreach (var line in File.ReadLines(path))
        {
            var words = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words is ["nameserver", var text, ..] && IPAddress.TryParse(WithoutScope(text), out var address))
            {
                servers.Add(address);
            }
        }

        return servers;
    }

    private static string WithoutScope(string address)
    {
        var percent = address.IndexOf('%', StringComparison.Ordinal);
        return percent < 0 ? address : address[..percent];
    }
}
