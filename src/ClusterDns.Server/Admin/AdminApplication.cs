using System.Text;
using ClusterDns.Core.Pipeline;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace ClusterDns.Server.Admin;

/// <summary>Answers the requests of one admin address from a table of paths that a reload replaces.</summary>
internal sealed class AdminApplication(AdminPaths routes) : IHttpApplication<IFeatureCollection>
{
    private static readonly HttpReply NotFound = new(404, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes("404 page not found\n"));

    private volatile AdminPaths _routes = routes;

    public void Replace(AdminPaths routes) => _routes = routes;

    public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

    public void DisposeContext(IFeatureCollection context, Exception? exception)
    {
    }

    public async Task ProcessRequestAsync(IFeatureCollection context)
    {
        var request = context.GetRequiredFeature<IHttpRequestFeature>();
        var aborted = context.Get<IHttpRequestLifetimeFeature>()?.RequestAborted ?? CancellationToken.None;
        var reply = _routes.TryGetValue(request.Path, out var route) ? await route(request.QueryString, aborted) : NotFound;
        var response = context.GetRequiredFeature<IHttpResponseFeature>();
        response.StatusCode = reply.Status;
        response.Headers.ContentType = reply.ContentType;
        response.Headers.ContentLength = reply.Body.Length;
        if (request.Method != "HEAD")
        {
            await context.GetRequiredFeature<IHttpResponseBodyFeature>().Writer.WriteAsync(reply.Body);
        }
    }
}
