using System.Net.Sockets;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;

namespace ClusterDns.Server.Admin;

/// <summary>
/// The admin addresses in use. A reload binds what is new before anything changes, then gives kept addresses their new
/// paths and closes what is gone.
/// </summary>
internal sealed class AdminServers(MetricRegistry metrics) : IAsyncDisposable
{
    private readonly Dictionary<HttpAddress, AdminServer> _servers = [];

    public IReadOnlyDictionary<HttpAddress, AdminServer> Servers => _servers;

    /// <summary>Binds the addresses that are not bound yet, which serve at once. Undo with <see cref="CloseAsync"/>.</summary>
    /// <exception cref="CorefileException">One cannot be bound; none of the new ones is then.</exception>
    public async Task<IReadOnlyList<HttpAddress>> BindAsync(
        IReadOnlyDictionary<HttpAddress, AdminPaths> routes)
    {
        var added = new List<HttpAddress>();
        try
        {
            foreach (var (address, paths) in routes)
            {
                if (!_servers.ContainsKey(address))
                {
                    _servers[address] = await StartAsync(address, paths);
                    added.Add(address);
                }
            }
        }
        catch
        {
            await CloseAsync(added);
            throw;
        }

        return added;
    }

    private async Task<AdminServer> StartAsync(HttpAddress address, AdminPaths paths)
    {
        try
        {
            return await AdminServer.StartAsync(address, paths, metrics);
        }
        catch (Exception exception) when ((exception is IOException or SocketException) && paths.Origin is not null)
        {
            throw paths.Origin.Error($"cannot listen on {address}: {exception.Message}");
        }
    }

    /// <summary>Replaces the paths of the addresses that stay and closes those that nobody wants any more.</summary>
    public Task ApplyAsync(IReadOnlyDictionary<HttpAddress, AdminPaths> routes)
    {
        foreach (var (address, paths) in routes)
        {
            _servers[address].Application.Replace(paths);
        }

        return CloseAsync([.. _servers.Keys.Where(address => !routes.ContainsKey(address))]);
    }

    public async Task CloseAsync(IReadOnlyList<HttpAddress> addresses)
    {
        foreach (var address in addresses)
        {
            if (_servers.Remove(address, out var server))
            {
                await server.DisposeAsync();
            }
        }
    }

    public async ValueTask DisposeAsync() => await CloseAsync([.. _servers.Keys]);
}
