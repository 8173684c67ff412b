using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.ProxyProto;

/// <summary>The directive, parsed.</summary>
internal sealed class ProxyProtoOptions
{
    /// <summary>Peers whose headers are used; none: see <see cref="Default"/>.</summary>
    public IReadOnlyList<(IPAddressValue Prefix, int Length)> Allowed { get; init; } = [];

    /// <summary>For all other peers.</summary>
    public ProxyPolicy Default { get; init; } = ProxyPolicy.Use;

    /// <summary>How long a header of a UDP peer holds for its datagrams without one; zero: for its own datagram alone.</summary>
    public TimeSpan SessionLifetime { get; init; }

    /// <summary>UDP peers that are remembered so.</summary>
    public int MaxSessions { get; init; } = 10_240;

    public ProxyPolicy PolicyFor(IPAddressValue peer)
    {
        for (var index = 0; index < Allowed.Count; index++)
        {
            if (peer.IsIn(Allowed[index].Prefix, Allowed[index].Length))
            {
                return ProxyPolicy.Use;
            }
        }

        return Default;
    }
}
