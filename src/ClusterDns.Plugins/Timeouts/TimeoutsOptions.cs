namespace ClusterDns.Plugins.Timeouts;

/// <summary>How long a connection may make the server wait.</summary>
internal sealed record TimeoutsOptions
{
    /// <summary>From the beginning of a connection to its first whole query.</summary>
    public TimeSpan Read { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>For the client to take what is written to it.</summary>
    public TimeSpan Write { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From one whole query to the next.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Queries that one connection may send before it is closed; -1: no limit.</summary>
    public int MaxTcpQueries { get; init; } = -1;
}
