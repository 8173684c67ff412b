using ClusterDns.Core.Pipeline;
using ClusterDns.Server.Transports;
using ClusterDns.Server.Transports.Linux;
using Xunit;

namespace ClusterDns.UnitTests.Transports;

public sealed class UdpBatchTests
{
    private readonly QueryContextPool _pool = new();

    [Fact]
    public void A_query_that_goes_on_keeps_its_request_and_the_next_one_has_another_buffer()
    {
        using var batch = new UdpBatch(_pool, hasControl: false);
        var waiting = batch.Open(3);
        var request = Buffer(waiting);
        batch.LeaveQuery(3);

        var next = batch.Open(3);
        Assert.NotSame(waiting, next);
        Assert.Same(request, Buffer(waiting));
        Assert.NotSame(request, Buffer(next));
    }

    [Fact]
    public void One_context_has_the_request_of_the_slot_it_was_opened_for()
    {
        using var batch = new UdpBatch(_pool, hasControl: false);
        var query = batch.Open(0);
        var first = Buffer(query);

        Assert.Same(query, batch.Open(1));
        Assert.NotSame(first, Buffer(query));
        batch.Open(0);
        Assert.Same(first, Buffer(query));
    }

    [Fact]
    public void A_datagram_that_is_taken_out_and_put_elsewhere_keeps_its_octets()
    {
        using var batch = new UdpBatch(_pool, hasControl: false);
        var request = Buffer(batch.Open(0));
        var datagram = batch.Take(0);
        Assert.NotSame(request, Buffer(batch.Open(0)));

        batch.Put(7, in datagram);
        Assert.Same(request, Buffer(batch.Open(7)));
    }

    [Fact]
    public void No_two_contexts_have_one_buffer_when_a_batch_has_gone()
    {
        var batch = new UdpBatch(_pool, hasControl: false);
        batch.Open(0);
        var datagram = batch.Take(0);
        batch.Dispose();
        _pool.Return(datagram.Query);

        Assert.NotSame(Buffer(_pool.Rent()), Buffer(_pool.Rent()));
    }

    private static byte[] Buffer(QueryContext query) => query.GetMessageBuffer(UdpMessages.MaxRequest);
}
