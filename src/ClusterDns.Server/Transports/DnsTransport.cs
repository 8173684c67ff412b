using System.Net;
using ClusterDns.Core.Pipeline;
using ClusterDns.Server.Reloading;
using ClusterDns.Server.Transports.Linux;
using ClusterDns.Server.Transports.Streams;

namespace ClusterDns.Server.Transports;

/// <summary>UDP and TCP on one port, as <c>dns://</c> keys ask for.</summary>
internal sealed class DnsTransport : ITransport
{
    // With port 0 the kernel chooses one for TCP that something may have for UDP.
    private const int MaxTries = 16;

    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(5);

    private readonly StreamTransport _tcp;
    private readonly ServerServices _services;
    private readonly TransportLimits _limits;
    private readonly List<Task> _stopping = [];
    private volatile ITransport _udp;
    private bool _started;

    private DnsTransport(ITransport udp, StreamTransport tcp, ServerServices services, TransportLimits limits) =>
        (_udp, _tcp, _services, _limits) = (udp, tcp, services, limits);

    public ListenAddress Address => _tcp.Address;

    public IPEndPoint LocalEndPoint => _tcp.LocalEndPoint;

    public long LastQuery => Math.Max(_udp.LastQuery, _tcp.LastQuery);

    /// <exception cref="ListenException">The address cannot be listened on.</exception>
    public static DnsTransport Bind(ListenGroup group, ServerServices services, TransportLimits limits)
    {
        for (var tries = 1; ; tries++)
        {
            var tcp = StreamTransport.Bind(group, group.Address.Port, services, limits);
            try
            {
                return new DnsTransport(BindUdp(group, tcp.LocalEndPoint.Port, services, limits), tcp, services, limits);
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
        _started = true;
        _udp.Start();
        _tcp.Start();
    }

    public bool TrySwap(ListenGroup group)
    {
        // Another number of UDP sockets is no reason to close connections.
        if (!_udp.TrySwap(group) && !TryReplaceUdp(group))
        {
            return false;
        }

        return _tcp.TrySwap(group);
    }

    public async ValueTask StopAsync(TimeSpan drain) =>
        await Task.WhenAll([_udp.StopAsync(drain).AsTask(), _tcp.StopAsync(drain).AsTask(), .. _stopping]);

    public ValueTask DisposeAsync() => StopAsync(TimeSpan.Zero);

    private bool TryReplaceUdp(ListenGroup group)
    {
        try
        {
            var before = _udp;
            var next = BindUdp(group, LocalEndPoint.Port, _services, _limits);
            if (_started)
            {
                next.Start();
            }

            _udp = next;
            _stopping.RemoveAll(static task => task.IsCompleted);
            _stopping.Add(before.StopAsync(Drain).AsTask());
            return true;
        }
        catch (ListenException)
        {
            return false;
        }
    }

    private static ITransport BindUdp(ListenGroup group, int port, ServerServices services, TransportLimits limits) =>
        OperatingSystem.IsLinux()
            ? UdpBatchTransport.Bind(group, port, services, limits)
            : UdpSocketTransport.Bind(group, port, services, limits);
}
