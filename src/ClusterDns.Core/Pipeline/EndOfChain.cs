using ClusterDns.Protocol.Messages;

namespace ClusterDns.Core.Pipeline;

/// <summary>What stands behind the last plugin: nobody answered.</summary>
/// <param name="last">The directive that handed the query on.</param>
internal sealed class EndOfChain(string last) : IQueryHandler
{
    private readonly string _error = $"plugin/{last}: no next plugin found";

    public ValueTask HandleAsync(QueryContext query)
    {
        query.Reason = new Reason(ReasonCode.EndOfChain);
        query.Response.Fail(ResponseCode.ServFail, "", _error);
        return ValueTask.CompletedTask;
    }
}
