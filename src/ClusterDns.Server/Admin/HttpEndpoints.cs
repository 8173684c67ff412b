using ClusterDns.Core.Pipeline;

namespace ClusterDns.Server.Admin;

/// <summary>Collects what is to be served where; the plan's start binds it.</summary>
internal sealed class HttpEndpoints : IHttpEndpoints
{
    private readonly Dictionary<(string Address, string Path), Func<HttpReply>> _routes = [];

    public IReadOnlyDictionary<(string Address, string Path), Func<HttpReply>> Routes => _routes;

    public void Map(string address, string path, Func<HttpReply> reply) => _routes[(address, path)] = reply;
}
