using System.Threading.Channels;
using ClusterDns.Core.Zones;
using ClusterDns.Plugins.Secondary;
using ClusterDns.Protocol.Names;

namespace ClusterDns.UnitTests.Plugins.Secondary;

/// <summary>Primaries that answer what a test says, when it says so.</summary>
internal sealed class FakeFetcher : IZoneFetcher
{
    private readonly Channel<FetchResult> _results = Channel.CreateUnbounded<FetchResult>();

    public int Calls { get; private set; }

    public void Answer(FetchResult result) => _results.Writer.TryWrite(result);

    public Task<FetchResult> FetchAsync(DnsName origin, Zone? current, CancellationToken end)
    {
        Calls++;
        return _results.Reader.ReadAsync(end).AsTask();
    }
}
