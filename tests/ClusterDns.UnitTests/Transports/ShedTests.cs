using System.Net;
using System.Net.Sockets;
using ClusterDns.Core.Pipeline;
using ClusterDns.Plugins.Multisocket;
using ClusterDns.Plugins.Shed;
using ClusterDns.Server.Transports.Linux;
using ClusterDns.Testing;
using ClusterDns.Testing.Transports;
using ClusterDns.Testing.Wire;
using Xunit;

namespace ClusterDns.UnitTests.Transports;

/// <summary>Overload of a UDP socket whose block says <c>shed</c>: the worker's rounds are the test's own.</summary>
public sealed class ShedTests
{
    private const string Server = "dns://127.0.0.1:0";

    private readonly CancellationToken _token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Newest_are_answered_first_and_the_oldest_are_dropped_when_more_wait_than_may()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "batches are Linux's");
        const int Sent = 1200;
        var order = new List<ushort>();
        await using var harness = new TransportHarness();
        var (worker, client) = Bind(harness, Noting(order));
        using (client)
        {
            await SendAsync(client, 1, Sent);
            while (order.Count < ShedOptions.Capacity)
            {
                Assert.True(worker.RunOnce());
            }

            var newest = Enumerable.Range(Sent - ShedOptions.Capacity + 1, ShedOptions.Capacity).Select(static id => (ushort)id);
            Assert.Equal(newest.Reverse(), order);
            Assert.Equal(Sent - ShedOptions.Capacity, Dropped(harness, "query"));
        }
    }

    [Fact]
    public async Task Light_client_is_answered_first_though_its_query_is_the_oldest_of_all()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "batches are Linux's");
        var order = new List<ushort>();
        await using var harness = new TransportHarness();
        var (worker, client) = Bind(harness, Noting(order));
        using (client)
        using (var light = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp))
        {
            light.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
            await SendAsync(client, 1, 100);
            await light.SendToAsync(StreamClient.Query(9999, "www.test."), client.RemoteEndPoint!, _token); // it is connected
            await SendAsync(client, 101, 1200);

            Assert.True(worker.RunOnce());

            Assert.Equal(9999, order[0]);
            Assert.Equal(1300, order[1]);
        }
    }

    [Fact]
    public async Task Late_comer_goes_before_those_that_wait()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "batches are Linux's");
        var order = new List<ushort>();
        await using var harness = new TransportHarness();
        var (worker, client) = Bind(harness, Noting(order));
        using (client)
        {
            await SendAsync(client, 1, 100);
            Assert.True(worker.RunOnce());
            Assert.Equal(UdpBatch.Size, order.Count);
            Assert.Equal(100, order[0]);

            await SendAsync(client, 101, 1);
            Assert.True(worker.RunOnce());

            Assert.Equal(101, order[UdpBatch.Size]);
            Assert.Equal(68, order[UdpBatch.Size + 1]);
            Assert.Equal(0, Dropped(harness, "query"));
            Assert.Equal(100, await ReceiveAsync(client));
        }
    }

    [Fact]
    public async Task Queries_that_would_wait_are_dropped_while_as_many_of_a_client_wait_as_may()
    {
        // Eight ninths of the socket's places: the rest is for others.
        const int Share = 911;
        Assert.SkipUnless(OperatingSystem.IsLinux(), "batches are Linux's");
        var upstream = new TaskCompletionSource();
        await using var harness = new TransportHarness();
        var (worker, client) = Bind(harness, new FakeHandler(query =>
        {
            if (query.Id >= 5000)
            {
                return TransportHarness.Address.HandleAsync(query);
            }

            if (query.MayWait)
            {
                return WaitAsync(query);
            }

            query.Response.Drop("test");
            return ValueTask.CompletedTask;
        }));
        async ValueTask WaitAsync(QueryContext query)
        {
            await upstream.Task;
            await TransportHarness.Address.HandleAsync(query);
        }

        using (client)
        {
            for (var first = 0; first < ShedOptions.Capacity + 10; first += 2)
            {
                await SendAsync(client, first, 2);
                Assert.True(worker.RunOnce());
            }

            Assert.Equal(Share, harness.Limits.QueriesInFlight);
            Assert.Equal(ShedOptions.Capacity + 10 - Share, Dropped(harness, "query"));

            await SendAsync(client, 5000, 1);
            Assert.True(worker.RunOnce());
            Assert.Equal(5000, await ReceiveAsync(client));
            upstream.SetResult();
            Assert.True(SpinWait.SpinUntil(() => harness.Limits.QueriesInFlight == 0, Patience.Limit));
        }
    }

    [Fact]
    public async Task Order_stays_that_of_arrival_without_the_directive()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "batches are Linux's");
        var order = new List<ushort>();
        await using var harness = new TransportHarness();
        var (worker, client) = Bind(harness, Noting(order), sheds: false);
        using (client)
        {
            await SendAsync(client, 1, 100);
            while (order.Count < 100)
            {
                Assert.True(worker.RunOnce());
            }

            Assert.Equal(Enumerable.Range(1, 100).Select(static id => (ushort)id), order);
        }
    }

    private static FakeHandler Noting(List<ushort> order) => new(query =>
    {
        order.Add(query.Id);
        return TransportHarness.Address.HandleAsync(query);
    });

    private static (UdpWorker Worker, Socket Client) Bind(TransportHarness harness, IQueryHandler handler, bool sheds = true)
    {
        object[] parts = sheds ? [new ShedOptions(), new MultisocketOptions(1)] : [new MultisocketOptions(1)];
        var transport = UdpBatchTransport.Bind(harness.Group(handler, parts: parts), 0, harness.Services, harness.Limits);
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 1 << 20 };
        client.Connect(transport.LocalEndPoint);
        return (transport.Workers[0], client);
    }

    // Loopback delivers before sending returns: what was sent waits in the worker's socket.
    private async Task SendAsync(Socket client, int first, int count)
    {
        for (var id = first; id < first + count; id++)
        {
            await client.SendAsync(StreamClient.Query((ushort)id, "www.test."), _token);
        }
    }

    private async Task<int> ReceiveAsync(Socket client)
    {
        var buffer = new byte[512];
        var length = await client.ReceiveAsync(buffer, _token);
        return WireMessage.Decode(buffer[..length]).Id;
    }

    private static long Dropped(TransportHarness harness, string reason) =>
        harness.Services.Metrics.Counter("coredns_shed_dropped_total", "", "server", "reason").With(Server, reason).Value;
}
