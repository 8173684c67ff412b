using ClusterDns.Core.Telemetry;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterDns.Server.Transports.Https;

/// <summary>
/// Counts what Kestrel and the gRPC library refuse on their own: they tell nobody but their log, which this is. Nothing is written.
/// </summary>
internal sealed class HttpEvents(MetricRegistry metrics) : ILoggerFactory, ILogger
{
    private readonly Counter _timedOut = ConnectionsClosed.Family(metrics).With("timeout");
    private readonly Counter _connections = ConnectionsClosed.Family(metrics).With("refused");
    private readonly Counter _headers = CeilingCounter.Of(metrics, "http_headers");
    private readonly Counter _body = CeilingCounter.Of(metrics, "http_body");
    private readonly Counter _streams = CeilingCounter.Of(metrics, "http_streams");
    private readonly Counter _packet = CeilingCounter.Of(metrics, "grpc_message");

    public ILogger CreateLogger(string categoryName) => categoryName switch
    {
        "Microsoft.AspNetCore.Server.Kestrel.BadRequests" or "Microsoft.AspNetCore.Server.Kestrel.Connections"
            or "Microsoft.AspNetCore.Server.Kestrel.Http2" or "Grpc.AspNetCore.Server.ServerCallHandler" => this,
        _ => NullLogger.Instance,
    };

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        (eventId.Name switch
        {
            "RequestBodyMinimumDataRateNotSatisfied" or "ResponseMinimumDataRateNotSatisfied" => _timedOut,
            "ConnectionRejected" => _connections,
            "Http2MaxConcurrentStreamsReached" => _streams,
            "ConnectionBadRequest" => CounterOf((exception as BadHttpRequestException)?.StatusCode ?? 0),
            _ => exception is RpcException { StatusCode: StatusCode.ResourceExhausted } ? _packet : null,
        })?.Increment(Thread.GetCurrentProcessorId());

    public void Dispose()
    {
    }

    private Counter? CounterOf(int status) => status switch
    {
        StatusCodes.Status408RequestTimeout => _timedOut,
        StatusCodes.Status413PayloadTooLarge => _body,
        StatusCodes.Status414UriTooLong or StatusCodes.Status431RequestHeaderFieldsTooLarge => _headers,
        _ => null,
    };
}
