using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;
using Xunit;

namespace ClusterDns.UnitTests.Pipeline;

public sealed class QueryResolverTests
{
    [Fact]
    public async Task ResolveAsync_ends_and_counts_chains_that_are_too_deep()
    {
        const int MaxDepth = 8;
        var tooDeep = CeilingCounter.Of(new MetricRegistry(), "lookup_depth");
        var resolver = new QueryResolver(new QueryContextPool(), tooDeep);
        var name = DnsName.Parse("loop.test");
        var query = new QueryContext();
        for (var depth = 0; depth < MaxDepth; depth++)
        {
            var inner = new QueryContext();
            inner.BeginInternal(query, name.Span, RecordType.A);
            query = inner;
        }

        Assert.Null(await resolver.ResolveAsync(query, name.Span, RecordType.A));

        Assert.Equal(1, tooDeep.Value);
    }
}
