using ClusterDns.Core.Pipeline;

namespace ClusterDns.Server.Admin;

/// <summary>Collects what the plan being built wants served; the plan takes it with it.</summary>
internal sealed class HttpEndpoints : IHttpEndpoints
{
    private Dictionary<HttpAddress, Dictionary<string, Func<HttpReply>>> _routes = [];

    public void Map(HttpAddress address, string path, Func<HttpReply> reply)
    {
        if (!_routes.TryGetValue(address, out var paths))
        {
            _routes[address] = paths = new Dictionary<string, Func<HttpReply>>(StringComparer.Ordinal);
        }

        paths[path] = reply;
    }

    /// <summary>Everything mapped since the last call.</summary>
    public IReadOnlyDictionary<HttpAddress, Dictionary<string, Func<HttpReply>>> Take()
    {
        var taken = _routes;
        _routes = [];
        return taken;
    }
}
