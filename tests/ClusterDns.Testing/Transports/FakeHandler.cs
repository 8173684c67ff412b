using ClusterDns.Core.Pipeline;

namespace ClusterDns.Testing.Transports;

/// <summary>A chain that does what a test says.</summary>
internal sealed class FakeHandler(Func<QueryContext, ValueTask> handle) : IQueryHandler
{
    public FakeHandler(Action<QueryContext> handle)
        : this(query =>
        {
            handle(query);
            return ValueTask.CompletedTask;
        })
    {
    }

    public ValueTask HandleAsync(QueryContext query) => handle(query);
}
