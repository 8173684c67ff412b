using ClusterDns.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Core.Pipeline;

/// <summary>What the process gives to every directive: time, log, metrics, endpoints, randomness.</summary>
public sealed class ServerServices
{
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Categories are directive names: <c>plugin/cache</c> makes lines such as <c>[INFO] plugin/cache: …</c>.</summary>
    public required ILoggerFactory Loggers { get; init; }

    public required MetricRegistry Metrics { get; init; }

    public required IQueryResolver Resolver { get; init; }

    public required IHttpEndpoints Http { get; init; }

    public IRandomSource Random { get; init; } = CryptographicRandom.Instance;

    public QueryContextPool Queries { get; init; } = new();

    /// <summary>What clients can make the process hold; shared by all plans, as caches of an old one live on for a while.</summary>
    public MemoryBudget Memory
    {
        get => field ??= new MemoryBudget(MemoryBudget.OfProcess, Metrics);
        init;
    }

    public SharedParts Shared { get; } = new();

    /// <summary>The version that <c>-version</c>, <c>version.bind</c> and <c>coredns_build_info</c> show.</summary>
    public required string Version { get; init; }

    /// <summary>Null until the process runs a plan, and where there is no process (tests).</summary>
    public IConfigurationReloader? Reloader { get; set; }

    /// <summary>Called for queries that the server refuses itself because no server block serves them.</summary>
    public Action<QueryContext>? Unrouted { get; set; }

    public ILogger LoggerFor(string directive) => Loggers.CreateLogger("plugin/" + directive);
}
