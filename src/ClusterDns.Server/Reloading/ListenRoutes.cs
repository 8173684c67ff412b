using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Server.Reloading;

/// <summary>Which blocks are served on which address, while a plan is built. Refuses what would never be reached.</summary>
internal sealed class ListenRoutes
{
    private readonly Dictionary<ListenAddress, (List<BlockRoute> Routes, HashSet<DnsName> Unfiltered)> _routes = [];

    /// <summary>In the order of the file.</summary>
    public IEnumerable<(ListenAddress Address, IReadOnlyList<BlockRoute> Routes)> All =>
        _routes.Select(static entry => (entry.Key, (IReadOnlyList<BlockRoute>)entry.Value.Routes));

    /// <exception cref="CorefileException">Another block has the zone there, or has it on every address.</exception>
    public void Add(ListenAddress address, BlockRoute route, ServerKey key)
    {
        // Blocks that views filter may share a zone with one that none does.
        var isFiltered = !route.Block.Filters.IsEmpty;
        foreach (var (other, served) in _routes)
        {
            if (!isFiltered && served.Unfiltered.Contains(route.Zone))
            {
                Check(address, other, route, key);
            }
        }

        if (!_routes.TryGetValue(address, out var here))
        {
            _routes[address] = here = ([], []);
        }

        here.Routes.Add(route);
        if (!isFiltered)
        {
            here.Unfiltered.Add(route.Zone);
        }
    }

    private static void Check(ListenAddress address, ListenAddress other, BlockRoute route, ServerKey key)
    {
        if (address == other)
        {
            throw new CorefileException(
                key.Source.File, key.Source.Line, $"cannot serve {Text(address, route, key)} - it is already defined");
        }

        // A query to the bound address would be answered by either.
        if (address.Scheme == other.Scheme && address.Port == other.Port && (address.Address is null || other.Address is null))
        {
            throw new CorefileException(
                key.Source.File,
                key.Source.Line,
                $"cannot serve {Text(address, route, key)} - zone overlap listener capacity with {Text(other, route, key)}");
        }
    }

    private static string Text(ListenAddress address, BlockRoute route, ServerKey key) =>
        $"{key.SchemeText}://{route.Zone}:{address.Port}{(address.Address is null ? "" : $" on {address.Address}")}";
}
