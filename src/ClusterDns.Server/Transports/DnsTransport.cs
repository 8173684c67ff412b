using System.Net;
using ClusterDns.Core.Pipeline;
using ClusterDns.Server.Reloading;
using ClusterDns.Server.Transports.Linux;
using ClusterDns.Server.Transports.Streams;

namespace ClusterDns.Server.Transports;

/// <summary>UDP and TCP on one port, as <c>dns://</c> keys ask for.</summary>
internal sealed class DnsTransport(ITransport udp, ITransport tcp) : ITransport
{
    // With port 0 the kernel chooses one for TCP that something may have for UDP.
    private const int MaxTries = 16;

    public ListenAddress Address => udp.Address;

    public IPEndPoint LocalEndPoint => udp.LocalEndPoint;

    public long LastQuery => Math.Max(udp.LastQuery, tcp.LastQuery);

    /// <exception cref="ListenException">The address cannot be listened on.</exception>
    public static DnsTransport Bind(ListenGroup group, ServerServices services, TransportLimits limits)
    {
        for (var tries = 1; ; tries++)
        {
            var tcp = StreamTransport.Bind(group, group.Address.Port, services, limits);
            try
            {
                return new DnsTransport(BindUdp(group, tcp.LocalEndPoint.Port, services, limits), tcp);
            }
            catch (ListenException)
            {
                _ = tcp.StopAsync(TimeSpan.Zero).AsTask();
                if (group.Address.Port != 0 || tries == MaxTries)
                {
                    throw;
                }
            }
        }
    }

    public void Start()
    {
        udp.Start();
        tcp.Start();
    }

    public bool TrySwap(ListenGroup group) => udp.TrySwap(group) && tcp.TrySwap(group);

    public async ValueTask StopAsync(TimeSpan drain) =>
        await Task.WhenAll(udp.StopAsync(drain).AsTask(), tcp.StopAsync(drain).AsTask());

    public ValueTask DisposeAsync() => StopAsync(TimeSpan.Zero);

    private static ITransport BindUdp(ListenGroup group, int port, ServerServices services, TransportLimits limits) =>
        OperatingSystem.IsLinux()
            ? UdpBatchTransport.Bind(group, port, services, limits)
            : UdpSocketTransport.Bind(group, port, services, limits);
}
