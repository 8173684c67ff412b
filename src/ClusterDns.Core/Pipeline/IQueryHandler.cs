namespace ClusterDns.Core.Pipeline;

/// <summary>One step of a chain: fills <see cref="QueryContext.Response"/> or hands the query on.</summary>
public interface IQueryHandler
{
    /// <summary>Completes synchronously unless it waits for the network. Never throws for what a client or an upstream sent.</summary>
    ValueTask HandleAsync(QueryContext query);
}
