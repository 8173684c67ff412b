using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;
using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Plugin;
using ClusterDns.Kubernetes.Snapshots;
using ClusterDns.Kubernetes.Sync;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;
using ClusterDns.Server.Admin;
using ClusterDns.Testing.Chains;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterDns.Testing.Fuzzing;

/// <summary>
/// A snapshot as it lies on the disk, its checksum taken for right: what is restored of it must answer and must make a snapshot that can be
/// read in turn, and what is refused must leave nothing.
/// </summary>
internal static class SnapshotTarget
{
    private static readonly string[] Names =
    [
        "web.shop.svc.cluster.local", "a.web.shop.svc.cluster.local", "_http._tcp.web.shop.svc.cluster.local", "shop.svc.cluster.local",
        "10-1-0-9.shop.pod.cluster.local", "1.0.1.10.in-addr.arpa", "far.shop.svc.set.local",
    ];

    private static readonly RecordType[] Types = [RecordType.A, RecordType.AAAA, RecordType.SRV, RecordType.PTR];

    private static readonly SnapshotHeader Header = new(new byte[SnapshotFormat.IdentitySize], DateTimeOffset.UnixEpoch, "");
    private static readonly byte[] Output = new byte[ushort.MaxValue];

    public static void Run(byte[] octets)
    {
        if (octets.Length > FuzzTarget.MaxInput)
        {
            return;
        }

        using var reader = new SnapshotReader(new MemoryStream(octets));
        reader.TryReadHeader(out _, out _);
        reader.IsWhole();
        var state = NewState();
        var target = Stores(state);
        if (!reader.TryReadObjects(target, out _))
        {
            target.Discard();
            Expect(Write(state).AsSpan().SequenceEqual(Write(NewState())), "what was refused left something");
            return;
        }

        Ask(state);
        using var again = new SnapshotReader(new MemoryStream(Write(state)));
        Expect(again.IsWhole(), "what was written is not whole");
        Expect(again.TryReadObjects(Stores(NewState()), out _), "what was written of it is not read");
    }

    private static void Ask(KubernetesState state)
    {
        var document = CorefileReader.ReadText(".:53 {\n    whoami\n}\n", "Corefile", static _ => null);
        var block = new BlockContext(document.Blocks[0], state.Services);
        var chain = new KubernetesPlugin(state, new EndOfChain(KubernetesPlugin.Name));
        var router = new QueryRouter([new BlockRoute(block.Zones[0], block, chain)], state.Services);
        var query = new QueryContext();
        foreach (var name in Names)
        {
            foreach (var type in Types)
            {
                var request = ChainHarness.Question(name, type, edns: 4096);
                request.CopyTo(query.GetMessageBuffer(request.Length), 0);
                query.BeginRequest(request.Length, TransportProtocol.Udp, default, default, new ListenerIdentity("dns://:53", 0));
                QueryReader.Read(query);
                var running = router.HandleAsync(query);
                Expect(running.IsCompletedSuccessfully, "something waited");
                WrittenMessage.Check(Output.AsSpan(0, ResponseWriter.ForThread.Write(query, Output)));
            }
        }
    }

    private static KubernetesState NewState()
    {
        var services = new ServerServices
        {
            Loggers = NullLoggerFactory.Instance,
            Metrics = new MetricRegistry(),
            Resolver = new QueryResolver(new QueryContextPool()),
            Http = new HttpEndpoints(),
            Version = "test",
        };
        DnsName[] zones = [.. "cluster.local set.local in-addr.arpa ip6.arpa".Split(' ').Select(DnsName.Parse)];
        var options = new KubernetesOptions { Zones = zones, PrimaryZone = zones[0], PodMode = PodMode.Verified, MulticlusterZones = [zones[1]] };
        return new KubernetesState(options, services, [], static () => true);
    }

    private static RestoreTarget Stores(KubernetesState state)
    {
        var sinks = new ClusterSinks(state).Create();
        var writer = new Lock();
        var target = new RestoreTarget(new GrowthPace());
        target.Namespaces.Add(null, new ObjectStore<Namespace>(sinks.Namespaces, writer));
        target.Services.Add(null, new ObjectStore<Service>(sinks.Services, writer));
        target.Slices.Add(null, new ObjectStore<EndpointSlice>(sinks.EndpointSlices!, writer)); // The options ask for each.
        target.Pods.Add(null, new ObjectStore<Pod>(sinks.Pods!, writer));
        target.Imports.Add(null, new ObjectStore<ServiceImport>(sinks.ServiceImports!, writer));
        target.ImportSlices.Add(null, new ObjectStore<EndpointSlice>(sinks.MulticlusterEndpointSlices!, writer));
        return target;
    }

    private static byte[] Write(KubernetesState state)
    {
        using var file = new MemoryStream();
        SnapshotWriter.Write(file, Header, new SnapshotContent(state.Records, state.Imports));
        return file.ToArray();
    }

    private static void Expect(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException(what);
        }
    }
}
