using System.Buffers;
using System.Buffers.Text;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;
using ClusterDns.Protocol.Messages;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace ClusterDns.Server.Transports.Https;

/// <summary>Answers the requests of one transport: a query each (RFC 8484 §4).</summary>
internal sealed class HttpsApplication : IHttpApplication<IFeatureCollection>
{
    /// <summary>Octets of the largest DNS message there can be.</summary>
    public const int MaxMessage = ushort.MaxValue;

    private const string Path = "/dns-query";
    private const string Parameter = "dns";

    // Most answers fit; one that does not is written again.
    private const int FirstSize = 4096;

    private readonly IHttpListener _listener;
    private readonly ServerServices _services;
    private readonly TransportProtocol _protocol;
    private readonly PerListener<HttpsMetrics> _metrics;
    private readonly Counter _tooLong;
    private long _lastQuery;

    /// <param name="protocol">HTTPS, or HTTPS on HTTP/3.</param>
    public HttpsApplication(IHttpListener listener, TransportProtocol protocol, ServerServices services)
    {
        _listener = listener;
        _services = services;
        _protocol = protocol;
        var name = protocol is TransportProtocol.Https3 ? "https3" : "https";
        var responses = services.Metrics.Counter(
            $"coredns_dns_{name}_responses_total", "Counter of DoH responses per server and http status code.", "server", "status");
        _tooLong = CeilingCounter.Of(services.Metrics, "http_body");
        _metrics = new PerListener<HttpsMetrics>(identity => new HttpsMetrics(responses, identity.Label));
    }

    /// <summary>Timestamp of the last request; 0 before any.</summary>
    public long LastQuery => Volatile.Read(ref _lastQuery);

    public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

    public void DisposeContext(IFeatureCollection context, Exception? exception)
    {
    }

    public async Task ProcessRequestAsync(IFeatureCollection context)
    {
        Volatile.Write(ref _lastQuery, _services.Time.GetTimestamp());
        var query = _services.Queries.Rent();
        try
        {
            var length = await TryReadAsync(context, query);
            var status = length >= 0 ? await AnswerAsync(context, query, length) : -length;
            _metrics.For(_listener.Group.Identity).Count(status);
            if (status == 413)
            {
                _tooLong.Increment();
            }

            if (status != 200)
            {
                Fail(context, status);
            }
        }
        finally
        {
            _services.Queries.Return(query);
        }
    }

    /// <returns>Octets of the message, which is in the context's buffer; below zero: the status to refuse the request with.</returns>
    private static ValueTask<int> TryReadAsync(IFeatureCollection context, QueryContext query)
    {
        var request = context.GetRequiredFeature<IHttpRequestFeature>();
        if (request.Path != Path)
        {
            return new ValueTask<int>(-404);
        }

        return request.Method switch
        {
            "GET" => new ValueTask<int>(Decode(request.QueryString, query)),
            "POST" => ReadBodyAsync(context, request, query),

            // CoreDNS's status for all that is wrong with a request.
            _ => new ValueTask<int>(-400),
        };
    }

    private static int Decode(string parameters, QueryContext query)
    {
        var encoded = default(ReadOnlySpan<char>);
        var found = 0;
        foreach (var range in parameters.AsSpan().TrimStart('?').Split('&'))
        {
            var parameter = parameters.AsSpan().TrimStart('?')[range];
            if (parameter.StartsWith($"{Parameter}=", StringComparison.Ordinal))
            {
                encoded = parameter[(Parameter.Length + 1)..];
                found++;
            }
        }

        // Base64url without padding (RFC 8484 §6), measured before room is made for it.
        if (found != 1 || encoded.ContainsAny("= \t\r\n") || !Base64Url.IsValid(encoded, out var length))
        {
            return -400;
        }

        if (length > MaxMessage)
        {
            return -413;
        }

        return Base64Url.DecodeFromChars(encoded, query.GetMessageBuffer(length), out _, out _) is OperationStatus.Done ? length : -400;
    }

    // Holds what has arrived, whatever is said about its length.
    private static async ValueTask<int> ReadBodyAsync(IFeatureCollection context, IHttpRequestFeature request, QueryContext query)
    {
        if (request.Headers.ContentLength > MaxMessage)
        {
            return -413;
        }

        var body = context.GetRequiredFeature<IRequestBodyPipeFeature>().Reader;
        while (true)
        {
            var read = await body.ReadAsync();
            if (read.Buffer.Length > MaxMessage)
            {
                return -413;
            }

            if (!read.IsCompleted)
            {
                body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            var length = (int)read.Buffer.Length;
            read.Buffer.CopyTo(query.GetMessageBuffer(length));
            body.AdvanceTo(read.Buffer.End);
            return length;
        }
    }

    /// <returns>200 where the answer is sent; else the status to send.</returns>
    private async ValueTask<int> AnswerAsync(IFeatureCollection context, QueryContext query, int length)
    {
        var group = _listener.Group;
        var connection = context.GetRequiredFeature<IHttpConnectionFeature>();
        var client = new SocketEndpoint(IPAddressValue.From(connection.RemoteIpAddress!), (ushort)connection.RemotePort); // over IP
        var local = new SocketEndpoint(IPAddressValue.From(connection.LocalIpAddress!), (ushort)connection.LocalPort); // likewise
        query.BeginRequest(length, _protocol, client, local, group.Identity);
        query.Worker = Thread.GetCurrentProcessorId();
        query.StartTimestamp = _services.Time.GetTimestamp();
        query.Caller = TraceHeaders.Read(context.GetRequiredFeature<IHttpRequestFeature>().Headers);
        var outcome = QueryReader.Read(query);
        if (outcome is ReadOutcome.Ignore || (outcome is ReadOutcome.Respond && query.Response.Code is ResponseCode.FormErr))
        {
            return 400;
        }

        if (outcome is ReadOutcome.Query)
        {
            if (!_listener.Limits.Admit(query))
            {
                return 503;
            }

            await RunAsync(group.Router, query);
        }

        if (query.Response.State is not ResponseState.Answered)
        {
            return 500;
        }

        await SendAsync(context, query);
        return 200;
    }

    private async ValueTask RunAsync(QueryRouter router, QueryContext query)
    {
        var running = router.HandleAsync(query);
        if (running.IsCompletedSuccessfully)
        {
            return;
        }

        var place = _listener.Limits.EnterQuery(query);
        try
        {
            await running;
        }
        finally
        {
            _listener.Limits.LeaveQuery(place);
        }
    }

    private static async ValueTask SendAsync(IFeatureCollection context, QueryContext query)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FirstSize);
        var length = ResponseWriter.ForThread.Write(query, buffer);
        if (length < 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = ArrayPool<byte>.Shared.Rent(MaxMessage);
            length = ResponseWriter.ForThread.Write(query, buffer.AsSpan(0, MaxMessage));
        }

        try
        {
            var headers = context.GetRequiredFeature<IHttpResponseFeature>().Headers;
            headers.ContentType = "application/dns-message";
            headers.CacheControl = $"max-age={HttpsFreshness.Of(query.Response)}";
            headers.ContentLength = length;
            await context.GetRequiredFeature<IHttpResponseBodyFeature>().Writer.WriteAsync(buffer.AsMemory(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Fail(IFeatureCollection context, int status)
    {
        var response = context.GetRequiredFeature<IHttpResponseFeature>();
        response.StatusCode = status;
        response.Headers.ContentLength = 0;
    }
}
