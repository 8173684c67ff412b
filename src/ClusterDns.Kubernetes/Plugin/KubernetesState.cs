using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Kubernetes.Records;
using ClusterDns.Kubernetes.Snapshots;

namespace ClusterDns.Kubernetes.Plugin;

/// <summary>What the directive answers from: its zones, the cluster's records, whether they are complete.</summary>
internal sealed class KubernetesState : IChangingState
{
    private readonly Func<bool> _isSynced;
    private volatile bool _wasSynced;
    private volatile SnapshotHeader? _restored;

    /// <param name="local">Addresses of this host, 4 or 16 octets each.</param>
    /// <param name="isSynced">Asked until it has once been true.</param>
    public KubernetesState(KubernetesOptions options, ServerServices services, byte[][] local, Func<bool> isSynced)
    {
        Options = options;
        Services = services;
        _isSynced = isSynced;
        var namespaces = new NamespaceIndex(options.Records);
        Records = new ClusterZone(options.Records, namespaces, services.Time);
        Imports = options.MulticlusterZones.Count > 0
            ? new ClusterZone(options.Records, namespaces, services.Time, multicluster: true)
            : null;
        Servers = new NameServerAnswer(Records, local);
        Zones = new ZoneTable<KubernetesZone>(options.Zones.Select(name =>
        {
            var isMulticluster = options.MulticlusterZones.Contains(name);
            var records = isMulticluster ? Imports! : Records; // Not null: just made.
            var lookup = new ClusterLookup(records, options.PodMode, options.Records.Zonal, isMulticluster);
            return KeyValuePair.Create(name, new KubernetesZone(name, lookup));
        }));
    }

    public KubernetesOptions Options { get; }

    public ServerServices Services { get; }

    public ZoneTable<KubernetesZone> Zones { get; }

    public ClusterZone Records { get; }

    /// <summary>Of the cluster set; null without multicluster zones.</summary>
    public ClusterZone? Imports { get; }

    public NameServerAnswer Servers { get; }

    public bool IsSynced => _wasSynced || (_wasSynced = _isSynced());

    /// <summary>The snapshot whose objects were taken at the start; null without one.</summary>
    public SnapshotHeader? Restored => _restored;

    /// <summary>Answers come from a snapshot: complete, but of an earlier time.</summary>
    public bool IsStale => _restored is not null && !IsSynced;

    /// <summary>All that existed at one time is known, so what is not known did not exist then.</summary>
    public bool IsComplete => IsSynced || _restored is not null;

    // Each part counts up alone, so their sum is new whenever one of them is.
    public long Version =>
        (IsSynced ? 1 : 0) + Records.Version + Records.Namespaces.Version + (Imports?.Version ?? 0);

    public void MarkRestored(SnapshotHeader header) => _restored = header;

    /// <summary>The name exists; what is asked of it does not.</summary>
    public void AnswerNothing(QueryContext query, KubernetesZone zone, object? subject)
    {
        query.Reason = new Reason(ReasonCode.NoSuchType, subject);
        var version = query.Response.MadeFrom;
        query.Response.Begin(KubernetesPlugin.Name, authoritative: true);
        query.Response.MadeFrom = version;
        AddAuthority(query, zone, query.Response.Authority);
    }

    public void AddAuthority(QueryContext query, KubernetesZone zone, ResponseSection section) =>
        ZoneAuthority.Add(query.Response, section, zone.PartOf(query.Name), zone.Lookup.Records.Serial, Options.Ttl);
}
