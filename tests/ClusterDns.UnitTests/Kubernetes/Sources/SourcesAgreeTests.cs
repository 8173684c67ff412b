using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Sources;
using ClusterDns.Kubernetes.Sources.Manifests;
using ClusterDns.Testing.ApiServer;
using ClusterDns.UnitTests.Kubernetes.Sync;
using Xunit;

namespace ClusterDns.UnitTests.Kubernetes.Sources;

/// <summary>Objects that say everything themselves read the same from a folder and from an API server.</summary>
public sealed class SourcesAgreeTests
{
    private const string Objects = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: shop, labels: {kubernetes.io/metadata.name: shop, tier: app, mesh: "on"}}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: gateway, namespace: shop, labels: {app: gateway}}
        spec:
          type: LoadBalancer
          clusterIP: 10.96.20.1
          clusterIPs: [10.96.20.1, "fd00:96::1"]
          externalIPs: [203.0.113.7]
          ports: [{name: http, port: 80, protocol: TCP}, {name: quic, port: 443, protocol: UDP}]
        status: {loadBalancer: {ingress: [{ip: 198.51.100.20}, {hostname: lb.example}]}}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: outside, namespace: shop}
        spec: {type: ExternalName, externalName: www.example.com.}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: db, namespace: shop}
        spec: {clusterIP: None, clusterIPs: [None]}
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata:
          name: gateway-a
          namespace: shop
          labels:
            kubernetes.io/service-name: gateway
            multicluster.kubernetes.io/service-name: gateway
            multicluster.kubernetes.io/source-cluster: west
          annotations: {endpoints.kubernetes.io/last-change-trigger-time: "2026-11-23T06:45:42.5Z"}
        addressType: IPv6
        endpoints:
        - {addresses: ["fd00::1"], hostname: one, conditions: {ready: true}, targetRef: {kind: Pod, name: p}, zone: z, nodeName: n}
        - {addresses: ["fd00::2"], conditions: {ready: false}}
        - {addresses: ["fd00::3"], conditions: {}}
        ports: [{name: http, port: 8080, protocol: TCP}, {port: 9}, {name: all}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: p, namespace: shop, labels: {app: gateway}}
        status: {phase: Running, podIP: 10.244.1.20}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: ended, namespace: shop}
        status: {phase: Succeeded, podIP: 10.244.1.21}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: pending, namespace: shop}
        status: {phase: Pending}
        ---
        apiVersion: multicluster.x-k8s.io/v1alpha1
        kind: ServiceImport
        metadata: {name: gateway, namespace: shop}
        spec: {type: ClusterSetIP, ips: [10.97.0.1], ports: [{name: http, port: 80, protocol: TCP}]}
        """;

    [Fact]
    public async Task Run_gives_the_same_objects_from_both_sources()
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory("clusterdns").FullName, "all.yaml");
        await File.WriteAllTextAsync(file, Objects, TestContext.Current.CancellationToken);
        using FakeApiServer server = FakeApiServer.Start(file);
        string[] api = await ReadAsync(new ApiSource(new() { Endpoint = server.Uri.ToString() }, TimeProvider.System));
        string[] folder = await ReadAsync(new ManifestSource(new() { ManifestFolder = file }, TimeProvider.System));
        Assert.Equal(9, api.Length);
        Assert.Equal(api, folder);
        Directory.Delete(Path.GetDirectoryName(file)!, true); // a file in a folder has one
    }

    private static async Task<string[]> ReadAsync(IObjectSource source)
    {
        RecordingSink<Namespace> namespaces = new();
        RecordingSink<Service> services = new();
        RecordingSink<EndpointSlice> slices = new();
        RecordingSink<EndpointSlice> remote = new();
        RecordingSink<Pod> pods = new();
        RecordingSink<ServiceImport> imports = new();
        using CancellationTokenSource stop = new();
        Task running = source.RunAsync(new()
        {
            Namespaces = namespaces,
            Services = services,
            EndpointSlices = slices,
            MulticlusterEndpointSlices = remote,
            Pods = pods,
            ServiceImports = imports,
        }, stop.Token);
        await namespaces.UntilAsync(() => namespaces.IsSynced);
        await services.UntilAsync(() => services.IsSynced);
        await slices.UntilAsync(() => slices.IsSynced);
        await remote.UntilAsync(() => remote.IsSynced);
        await pods.UntilAsync(() => pods.IsSynced);
        await imports.UntilAsync(() => imports.IsSynced);
        await stop.CancelAsync();
        await running;
        await source.DisposeAsync();
        return [.. namespaces.Items.Cast<ClusterObject>().Concat(services.Items).Concat(slices.Items).Concat(remote.Items)
            .Concat(pods.Items).Concat(imports.Items).Select(item => $"{item.GetType().Name} {item.Key} {Fingerprint.Of(item)}")];
    }
}
