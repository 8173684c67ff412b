using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace ClusterDns.Testing.Backends;

/// <summary>A provider's HTTP interface in the hands of a test: keeps what it is asked and answers what the test says.</summary>
internal sealed class HttpDouble : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly List<DoubleRequest> _requests = [];
    private Func<DoubleRequest, DoubleReply> _answer;

    private HttpDouble(WebApplication application, Func<DoubleRequest, DoubleReply> answer) =>
        (_application, _answer) = (application, answer);

    public Uri Address => new(_application.Urls.Single());

    public DoubleRequest[] Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    public static async Task<HttpDouble> StartAsync(Func<DoubleRequest, DoubleReply> answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static options => options.Listen(IPAddress.Loopback, 0));
        HttpDouble server = new(builder.Build(), answer);
        server._application.Run(server.AnswerAsync);
        await server._application.StartAsync();
        return server;
    }

    /// <summary>From now on.</summary>
    public void Answer(Func<DoubleRequest, DoubleReply> answer) => Volatile.Write(ref _answer, answer);

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body);
        DoubleRequest request = new(
            context.Request.Method,
            context.Request.Path.Value ?? "",
            context.Request.QueryString.Value ?? "",
            context.Request.Headers.ToDictionary(static header => header.Key, static header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray());
        lock (_requests)
        {
            _requests.Add(request);
        }

        DoubleReply reply = Volatile.Read(ref _answer)(request);
        context.Response.StatusCode = reply.Status;
        await context.Response.WriteAsync(reply.Body);
    }
}
