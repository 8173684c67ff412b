using System.Net;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Forward;

/// <summary>What the channels of an upstream share.</summary>
/// <param name="MaxIdle">Idle connections that are kept; 0: as many as the channel may have at all.</param>
/// <param name="Expire">How long an idle connection is kept, in timestamps.</param>
/// <param name="MaxAge">How old a connection may become, in timestamps; <see cref="long.MaxValue"/>: any age.</param>
internal sealed record ChannelSettings(
    IPEndPoint Remote, IPAddress? Source, int MaxIdle, long Expire, long MaxAge, TimeProvider Time, IRandomSource Random, SweepTimer Timer,
    UpstreamLimits Limits);
