using ClusterDns.Core.Zones;
using ClusterDns.Plugins.Forward;

namespace ClusterDns.Plugins.Grpc;

/// <summary>One <c>grpc</c> line, parsed.</summary>
/// <param name="Forwarding">What it has in common with <c>forward</c>: names, upstreams, policy, TLS.</param>
/// <param name="UsesTls">Upstreams are spoken to over TLS.</param>
/// <param name="Fallthrough">Names whose NXDOMAIN hands the query to the next directive.</param>
internal sealed record GrpcOptions(ForwardOptions Forwarding, bool UsesTls, ZoneSet Fallthrough);
