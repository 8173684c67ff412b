using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;
using ClusterDns.Kubernetes.Plugin;
using ClusterDns.Kubernetes.Snapshots;
using ClusterDns.Kubernetes.Sources;
using ClusterDns.Kubernetes.Sources.Api;
using ClusterDns.Kubernetes.Sync;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;
using ClusterDns.Server.Admin;
using ClusterDns.Testing.Chains;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterDns.Testing.Simulation;

/// <summary>One server of the cluster's zone: the source, the reflectors, the records and the directive, without sockets.</summary>
/// <param name="audit">Between two audits; zero: none.</param>
internal sealed class SimulatedReplica(TurnQueue turns, TimeProvider time, SimulatedLink link, Random random, TimeSpan audit)
{
    private static readonly ListenerIdentity Listener = new("", 0);

    private readonly QueryContext _query = new();
    private CancellationTokenSource _stop = new();
    private ApiSource? _source;
    private QueryRouter? _router;

    // Set by Start, which comes first.
    public KubernetesState State { get; private set; } = null!;

    public SimulatedLink Link => link;

    /// <summary>Begins a new process.</summary>
    /// <param name="snapshot">What it finds on its disk; null: nothing.</param>
    public void Start(byte[]? snapshot)
    {
        var zone = DnsName.Parse("cluster.local.");
        var options = new KubernetesOptions { Zones = [zone], PrimaryZone = zone, Sync = new KubernetesSyncOptions { AuditInterval = audit } };
        var services = new ServerServices
        {
            Loggers = NullLoggerFactory.Instance,
            Metrics = new MetricRegistry(),
            Resolver = new QueryResolver(new QueryContextPool()),
            Http = new HttpEndpoints(),
            Version = "test",
            Time = time,
        };
        var connection = new ApiConnection(() => new ApiEndpoint(new Uri("http://api.test/")) { Handler = link }, time, observer: null);
        var context = new ReflectorContext(connection, time, Log: null) { Random = random.NextDouble, Start = static loop => loop() };
        var source = new ApiSource(options.Sync, context);
        _source = source;
        State = new KubernetesState(options, services, [], () => source.IsSynced);
        source.Restore = target => Restore(snapshot, target);
        _stop = new CancellationTokenSource();
        var document = CorefileReader.ReadText(".:53 {\n    whoami\n}\n", "Corefile", static _ => null);
        var block = new BlockContext(document.Blocks[0], services);
        var chain = new KubernetesPlugin(State, new EndOfChain(KubernetesPlugin.Name));
        _router = new QueryRouter([new BlockRoute(block.Zones[0], block, chain)], services);
        turns.Run(() => _ = source.RunAsync(new ClusterSinks(State).Create(), _stop.Token));
    }

    /// <summary>Ends the process at once.</summary>
    public void Kill()
    {
        _stop.Cancel();
        turns.RunAll();
    }

    /// <summary>What the process would write to its disk now; null while it has nothing whole.</summary>
    public byte[]? TakeSnapshot()
    {
        if (_source is not { IsSynced: true } source)
        {
            return null;
        }

        using var file = new MemoryStream();
        var header = new SnapshotHeader(new byte[SnapshotFormat.IdentitySize], time.GetUtcNow(), Freshness.VersionsOf(source));
        SnapshotWriter.Write(file, header, new SnapshotContent(State.Records, null));
        return file.ToArray();
    }

    /// <summary>Asks for the A records of a name; the query holds the outcome until the next.</summary>
    public QueryContext Ask(string name)
    {
        var request = ChainHarness.Question(name, RecordType.A);
        request.CopyTo(_query.GetMessageBuffer(request.Length), 0);
        _query.BeginRequest(request.Length, TransportProtocol.Tcp, default, default, Listener);
        _ = QueryReader.Read(_query);
        var running = _router!.HandleAsync(_query); // Set by Start.
        return running.IsCompletedSuccessfully ? _query : throw new InvalidOperationException("nothing here waits");
    }

    private void Restore(byte[]? snapshot, IRestoreTarget target)
    {
        if (snapshot is null)
        {
            return;
        }

        using var reader = new SnapshotReader(new MemoryStream(snapshot));
        if (!reader.TryReadHeader(out var header, out _) || !reader.IsWhole() || !reader.TryReadObjects(target, out _))
        {
            throw new InvalidOperationException("a snapshot that was written cannot be read");
        }

        State.MarkRestored(header);
    }
}
