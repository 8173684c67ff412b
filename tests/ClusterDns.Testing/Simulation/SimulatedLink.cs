using System.Globalization;
using System.Net;
using System.Web;
using ClusterDns.Testing.ApiServer;

namespace ClusterDns.Testing.Simulation;

/// <summary>What lies between one replica and the API server; it fails as the simulation says.</summary>
internal sealed class SimulatedLink(SimulatedApi api, int replica) : HttpMessageHandler
{
    /// <summary>Connections are refused.</summary>
    public bool IsDown { get; set; }

    /// <summary>The code that so many of the next requests get.</summary>
    public (int Code, int Times) Refuses { get; set; }

    /// <summary>Nothing is answered at all.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Octets after which the next bodies of lists break off, and how many of them do.</summary>
    public (int Octets, int Times) Tears { get; set; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (IsDown)
        {
            return Task.FromException<HttpResponseMessage>(new HttpRequestException("connection refused"));
        }

        if (IsSilent)
        {
            var never = new TaskCompletionSource<HttpResponseMessage>();
            cancellationToken.Register(() => TurnQueue.Outside(() => never.TrySetCanceled(cancellationToken)));
            return never.Task;
        }

        if (Refuses is { Times: > 0 } refusal)
        {
            Refuses = refusal with { Times = refusal.Times - 1 };
            return Reply(refusal.Code, ApiStatus.ForCode(refusal.Code, null, "list"));
        }

        var url = request.RequestUri!; // Every request has one.
        var query = HttpUtility.ParseQueryString(url.Query);
        var plural = url.AbsolutePath[(url.AbsolutePath.LastIndexOf('/') + 1)..];
        return query["watch"] == "true" ? Watch(plural, query) : List(plural, query["continue"] ?? "");
    }

    private Task<HttpResponseMessage> List(string plural, string token)
    {
        if (api.List(plural, token) is not { } body)
        {
            return Reply(410, ApiStatus.ListExpired());
        }

        if (Tears is not { Times: > 0 } tear)
        {
            return Reply(200, body);
        }

        Tears = tear with { Times = tear.Times - 1 };
        return Reply(200, body[..Math.Min(tear.Octets, body.Length)]);
    }

    private Task<HttpResponseMessage> Watch(string plural, System.Collections.Specialized.NameValueCollection query)
    {
        var streamed = query["sendInitialEvents"] == "true";
        if (streamed && api.InitialEvents is InitialEvents.Refused)
        {
            return Reply(422, ApiStatus.ForCode(422, null, "watch"));
        }

        var from = query["resourceVersion"] is { Length: > 0 } version ? long.Parse(version, CultureInfo.InvariantCulture) : (long?)null;
        var closes = streamed && api.InitialEvents is InitialEvents.Supported;
        return Task.FromResult(new HttpResponseMessage { Content = new SimulatedContent(api.Watch(plural, from, closes, replica)) });
    }

    private static Task<HttpResponseMessage> Reply(int code, string body)
    {
        var stream = new SimulatedStream(static _ => { });
        stream.Write(body);
        stream.End();
        return Task.FromResult(new HttpResponseMessage((HttpStatusCode)code) { Content = new SimulatedContent(stream) });
    }
}
