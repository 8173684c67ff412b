using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Server.Transports;

/// <summary>
/// Bugs outside of the chain, in reading or writing a message: each costs its query, never the worker or the connection. With
/// <c>debug</c> it ends the process, as one in a plugin does.
/// </summary>
internal sealed partial class QueryFaults(ServerServices services)
{
    private readonly ILogger _logger = services.Loggers.CreateLogger("");
    private readonly Counter _panics =
        services.Metrics.Counter("coredns_panics_total", "A metrics that counts the number of panics.").With();

    public static bool AreCaught(QueryContext query) => query.Block is not { Debug: true };

    /// <summary>Counts and logs a fault; nothing is sent in answer to the query.</summary>
    public void Record(QueryContext query, Exception fault)
    {
        _panics.Increment(query.Worker);
        LogRecovered(query.Listener.Label, query.Block is { LogsStackTraces: true } ? fault.ToString() : fault.Message);
        query.Reason = new Reason(ReasonCode.Fault, fault);
        query.Response.Drop("");
    }

    [LoggerMessage(1050, LogLevel.Error, "Recovered from panic in server: \"{Server}\" {Fault}")]
    private partial void LogRecovered(string server, string fault);
}
