using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Server.Admin;

/// <summary>Collects what the plan being built wants served; the plan takes it with it.</summary>
internal sealed class HttpEndpoints : IHttpEndpoints
{
    private Dictionary<HttpAddress, AdminPaths> _routes = [];

    public void Map(HttpAddress address, string path, Func<HttpReply> reply, Directive? origin = null) =>
        Map(address, path, (_, _) => new ValueTask<HttpReply>(reply()), origin);

    public void Map(HttpAddress address, string path, HttpHandler handler, Directive? origin = null)
    {
        if (!_routes.TryGetValue(address, out var paths))
        {
            _routes[address] = paths = [];
        }

        paths.Origin ??= origin;
        paths[path] = handler;
    }

    /// <summary>Everything mapped since the last call.</summary>
    public IReadOnlyDictionary<HttpAddress, AdminPaths> Take()
    {
        var taken = _routes;
        _routes = [];
        return taken;
    }
}
