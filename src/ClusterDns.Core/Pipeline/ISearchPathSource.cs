using ClusterDns.Protocol.Names;

namespace ClusterDns.Core.Pipeline;

/// <summary>
/// Knows where the clients of a directive look for names (<c>autopath @kubernetes</c>): exported by that directive.
/// </summary>
public interface ISearchPathSource
{
    /// <summary>What stands behind the @: the directive's name.</summary>
    string Name { get; }

    /// <summary>
    /// The client's search list in its resolver's order, the root last: the name as it is. Null where the client is not
    /// known or the query's name is in no zone of the directive. Allocates nothing for a client that was asked about
    /// before.
    /// </summary>
    IReadOnlyList<DnsName>? FindSearchPath(QueryContext query);
}
