using System.Buffers;
using System.Text;
using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Sources.Json;
using Xunit;

namespace ClusterDns.UnitTests.Kubernetes.Sources.Json;

public sealed class DecodingCostTests
{
    [Fact]
    public void TryRead_allocates_little_beside_the_object()
    {
        byte[] line = Encoding.UTF8.GetBytes(Recorded.Lines("watch-endpointslices.jsonl")[2]);
        TextPool pool = new();
        WatchEvent<EndpointSlice> item = default;
        for (int i = 0; i < 10; i++)
        {
            WatchEventJson.TryRead(new ReadOnlySequence<byte>(line), EndpointSliceJson.Read, pool, out item, out _);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            WatchEventJson.TryRead(new ReadOnlySequence<byte>(line), EndpointSliceJson.Read, pool, out item, out _);
        }

        long each = (GC.GetAllocatedBytesForCurrentThread() - before) / 100;
        Assert.NotNull(item.Object);
        Assert.InRange(each, 1, 1024);
    }
}
