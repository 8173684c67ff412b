using ClusterDns.Core.Pipeline;

namespace ClusterDns.Server.Transports.Linux;

/// <summary>A datagram that was taken from its batch to be answered later: the request, and what the kernel said about it.</summary>
/// <param name="Query">Its buffer holds the request; whoever has the datagram owns it.</param>
/// <param name="Length">Octets received.</param>
/// <param name="Flags">The kernel's.</param>
internal readonly record struct WaitingDatagram(QueryContext Query, uint Length, int Flags, UdpPeer Peer);
