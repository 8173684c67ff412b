using System.Net;
using System.Net.Sockets;
using ClusterDns.Testing.Processes;
using Xunit;

namespace ClusterDns.UnitTests.Testing.Processes;

public sealed class FreePortsTests
{
    [Fact]
    public void Take_gives_other_ports_when_called_again()
    {
        int[] ports = [.. Enumerable.Range(0, 50).Select(static _ => FreePorts.Take())];

        Assert.Equal(ports.Length, ports.Distinct().Count());
    }

    [Fact]
    public void Take_gives_a_port_that_udp_and_tcp_can_bind()
    {
        int port = FreePorts.Take();

        using Socket udp = new(SocketType.Dgram, ProtocolType.Udp);
        using Socket tcp = new(SocketType.Stream, ProtocolType.Tcp);
        udp.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
        tcp.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
    }
}
