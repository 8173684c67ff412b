using System.Net;
using ClusterDns.Server.Reloading;
using ClusterDns.Server.Transports;

namespace ClusterDns.UnitTests.Reloading;

/// <summary>A transport without sockets: what it was told, and queries that a test says came.</summary>
internal sealed class FakeTransport(ListenGroup group) : ITransport
{
    public ListenGroup Group { get; private set; } = group;

    public ListenAddress Address => Group.Address;

    public IPEndPoint LocalEndPoint => new(IPAddress.Loopback, Address.Port);

    public long LastQuery { get; set; }

    public bool IsStarted { get; private set; }

    public bool IsStopped { get; private set; }

    public void Start() => IsStarted = true;

    public bool TrySwap(ListenGroup group)
    {
        Group = group;
        return true;
    }

    public ValueTask StopAsync(TimeSpan drain)
    {
        IsStopped = true;
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => StopAsync(TimeSpan.Zero);
}
