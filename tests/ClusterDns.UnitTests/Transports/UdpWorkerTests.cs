using System.Net;
using System.Net.Sockets;
using ClusterDns.Plugins.Multisocket;
using ClusterDns.Server.Transports.Linux;
using ClusterDns.Testing;
using ClusterDns.Testing.Transports;
using Xunit;

namespace ClusterDns.UnitTests.Transports;

/// <summary>The worker's own cost, measured on the test's thread over a real socket.</summary>
public sealed class UdpWorkerTests
{
    private static readonly byte[] Query = Convert.FromHexString(
        "123401000001000000000001" + "0377777704746573740000010001" + "00002904d0000000000000");

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData(null, "127.0.0.7")]
    [InlineData(null, "::1")]
    public async Task RunOnce_allocates_nothing_for_queries_answered_at_once(string? bound, string asked)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "batches are Linux' own");
        await using var harness = new TransportHarness();
        await using var transport = UdpBatchTransport.Bind(
            harness.Group(TransportHarness.Address, bound, parts: new MultisocketOptions(1)), 0, harness.Services, harness.Limits);
        using var client = new Socket(IPAddress.Parse(asked).AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        client.ReceiveTimeout = (int)Patience.Limit.TotalMilliseconds;
        client.Connect(IPAddress.Parse(asked), transport.LocalEndPoint.Port);
        var worker = transport.Workers[0];
        var reply = new byte[512];
        Ask(client, worker, reply, batches: 100);

        Assert.Equal(0, Allocation.Least(() => Ask(client, worker, reply, batches: 500)));
        Assert.Equal(0x85, reply[2]);
        Assert.Equal(1, reply[7]);
    }

    [Fact]
    public async Task Datagrams_that_the_kernel_dropped_are_counted()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "batches are Linux' own");
        await using var harness = new TransportHarness();
        await using var transport = UdpBatchTransport.Bind(
            harness.Group(TransportHarness.Address, parts: new MultisocketOptions(1)), 0, harness.Services, harness.Limits);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        client.Connect(IPAddress.Loopback, transport.LocalEndPoint.Port);
        const int Sent = 50_000;
        for (var sent = 0; sent < Sent; sent++)
        {
            client.Send(Query, SocketFlags.None);
        }

        // The last batch is one that is not full: what follows has the socket for itself.
        var worker = transport.Workers[0];
        while (harness.Dropped("socket") == 0)
        {
            Assert.True(worker.RunOnce());
        }

        Assert.InRange(harness.Dropped("socket"), 1, Sent);
    }

    // The kernel's queue is first come, first served, and was full of another client's queries.
    [Fact]
    public async Task Light_client_need_not_wait_for_what_an_overflown_socket_holds()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "batches are Linux' own");
        const int Flood = 50_000;
        await using var harness = new TransportHarness();
        await using var transport = UdpBatchTransport.Bind(
            harness.Group(TransportHarness.Address, parts: new MultisocketOptions(1)), 0, harness.Services, harness.Limits);
        var worker = transport.Workers[0];
        using var heavy = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        heavy.Connect(IPAddress.Loopback, transport.LocalEndPoint.Port);
        for (var sent = 0; sent < Flood; sent++)
        {
            heavy.Send(Query, SocketFlags.None);
        }

        while (harness.Dropped("socket") == 0)
        {
            Assert.True(worker.RunOnce());
        }

        using var light = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        light.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
        light.Connect(IPAddress.Loopback, transport.LocalEndPoint.Port);
        light.Send(Query, SocketFlags.None);
        for (var rounds = 0; light.Available == 0; rounds++)
        {
            // A socket of four megabytes holds 340 batches.
            Assert.InRange(rounds, 0, 10);
            Assert.True(worker.RunOnce());
        }

        Assert.NotEqual(0, harness.Dropped("backlog"));
    }

    // A connected client takes replies only from the address it asked.
    private static void Ask(Socket client, UdpWorker worker, byte[] reply, int batches)
    {
        for (var batch = 0; batch < batches; batch++)
        {
            client.Send(Query, SocketFlags.None);
            client.Send(Query, SocketFlags.None);
            client.Send(Query, SocketFlags.None);
            worker.RunOnce();
            for (var index = 0; index < 3; index++)
            {
                client.Receive(reply, SocketFlags.None);
            }
        }
    }
}
