using ClusterDns.Faults.Faults;

namespace ClusterDns.Faults;

/// <summary>Every fault there is, in the order they run.</summary>
internal static class Catalogue
{
    public static IReadOnlyList<IFault> Faults { get; } =
    [
        new ApiOutage(),
        new RestartWithoutApi(),
        new DamagedSnapshot(),
        new DroppedWatches(),
        new ExpiredVersions(),
        new PodChurn(),
        new ManyReloads(),
        new BadCorefile(),
        new HandOver(),
        new SigtermDrain(),
        new VanishedUpstream(),
        new ForgedReplies(),
        new SlowClients(),
        new SlowTls(),
        new SlowHttps(),
        new SlowGrpc(),
        new SlowAdmin(),
        new IdleConnections(),
        new RandomNames(),
        new Nonsense(),
    ];
}
