using ClusterDns.Testing.Processes;

namespace ClusterDns.Benchmarks.Comparison;

/// <summary>Ports of 127.0.0.1 for one run.</summary>
/// <param name="Dns">Where each server is asked, one after the other.</param>
/// <param name="Upstream">The server that answers for <c>bench.example</c>.</param>
/// <param name="Tls">Where those who can serve TLS do.</param>
internal sealed record PeerPorts(int Dns, int Upstream, int Tls, int Metrics)
{
    public static PeerPorts Take() => new(FreePorts.Take(), FreePorts.Take(), FreePorts.Take(), FreePorts.Take());
}
