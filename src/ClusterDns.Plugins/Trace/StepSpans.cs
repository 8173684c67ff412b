using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Trace;

/// <summary>Puts a span around each step behind <c>trace</c>, for the queries that are traced.</summary>
internal sealed class StepSpans(QueryTracer tracer) : IStepObserver
{
    public string After => TracePlugin.Name;

    public IQueryHandler Observe(string step, IQueryHandler handler) => new SpannedStep(step, handler, tracer);

    private sealed class SpannedStep(string name, IQueryHandler handler, QueryTracer tracer) : IQueryHandler
    {
        public ValueTask HandleAsync(QueryContext query) => tracer.Current is null ? handler.HandleAsync(query) : SpanAsync(query);

        private async ValueTask SpanAsync(QueryContext query)
        {
            using var span = tracer.StartStep(name);
            await handler.HandleAsync(query);
        }
    }
}
