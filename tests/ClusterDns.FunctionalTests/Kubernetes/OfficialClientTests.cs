extern alias official;

using ClusterDns.Testing.ApiServer;
using official::k8s;
using official::k8s.Autorest;
using official::k8s.Models;
using Xunit;

namespace ClusterDns.FunctionalTests.Kubernetes;

/// <summary>The official client takes the double of the API server for a real one.</summary>
public sealed class OfficialClientTests : IAsyncLifetime
{
    private const string Objects = """
        kind: Service
        metadata: {name: a, namespace: demo, labels: {app: web}}
        spec: {clusterIP: 10.96.0.7, clusterIPs: [10.96.0.7], ports: [{name: http, port: 80, targetPort: 8080}]}
        ---
        kind: Service
        metadata: {name: b, namespace: demo}
        spec: {type: ExternalName, externalName: www.example.com}
        ---
        kind: Service
        metadata: {name: c, namespace: other}
        ---
        kind: EndpointSlice
        metadata: {name: a-1, namespace: demo, labels: {kubernetes.io/service-name: a}}
        addressType: IPv4
        endpoints: [{addresses: [10.244.0.1], conditions: {ready: true}}]
        ports: [{name: http, port: 8080}]
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("clusterdns").FullName;
    private ApiCertificates _certificates = null!; // set before every test by InitializeAsync
    private FakeApiServer _server = null!;
    private official::k8s.Kubernetes _client = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _certificates = new ApiCertificates(_folder);
        _server = await FakeApiServer.StartAsync(new() { Certificates = _certificates });
        _server.Apply(Objects);
        string kubeconfig = Path.Combine(_folder, "config");
        _server.WriteKubeconfig(kubeconfig);
        _client = new official::k8s.Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        _certificates.Dispose();
        Directory.Delete(_folder, true);
    }

    [Fact]
    public async Task List_reads_services_and_slices()
    {
        V1ServiceList services = await _client.CoreV1.ListServiceForAllNamespacesAsync(cancellationToken: Cancel);
        Assert.Equal(["a", "b", "c"], services.Items.Select(item => item.Name()));
        Assert.Equal("8080", services.Items[0].Spec.Ports[0].TargetPort.Value);
        Assert.Equal($"{_server.Version}", services.ResourceVersion());
        V1EndpointSliceList slices = await _client.DiscoveryV1.ListNamespacedEndpointSliceAsync(
            "demo", labelSelector: "kubernetes.io/service-name=a", cancellationToken: Cancel);
        Assert.Equal(["10.244.0.1"], slices.Items.Single().Endpoints.Single().Addresses);
        Assert.Equal("CN=test client", _server.Requests[^1].ClientCertificate);
    }

    [Fact]
    public async Task List_follows_pages()
    {
        List<string> names = [];
        string? token = null;
        do
        {
            V1ServiceList page = await _client.CoreV1.ListServiceForAllNamespacesAsync(
                limit: 2, continueParameter: token, cancellationToken: Cancel);
            names.AddRange(page.Items.Select(item => item.Name()));
            token = page.Continue();
        }
        while (!string.IsNullOrEmpty(token));
        Assert.Equal(["a", "b", "c"], names);
    }

    [Fact]
    public async Task Watch_sees_every_change()
    {
        List<string> seen = [];
        await foreach ((WatchEventType type, V1Service item) in _client.CoreV1.WatchListServiceForAllNamespacesAsync(
            resourceVersion: "0", cancellationToken: Cancel))
        {
            seen.Add($"{type} {item.Name()}");
            switch (seen.Count)
            {
                case 3:
                    _server.Apply("{kind: Service, metadata: {name: d, namespace: demo}}");
                    break;
                case 4:
                    _server.Apply("{kind: Service, metadata: {name: d, namespace: demo, labels: {x: y}}}");
                    break;
                case 5:
                    _server.Delete("Service", "demo", "d");
                    break;
            }

            if (seen.Count == 6)
            {
                break;
            }
        }

        Assert.Equal(["Added a", "Added b", "Added c", "Added d", "Modified d", "Deleted d"], seen);
    }

    [Fact]
    public async Task Errors_are_understood()
    {
        _server.Fail(new() { Code = 410 });
        HttpOperationException gone = await Assert.ThrowsAsync<HttpOperationException>(
            () => _client.CoreV1.ListServiceForAllNamespacesAsync(cancellationToken: Cancel));
        Assert.Contains("\"reason\":\"Expired\"", gone.Response.Content, StringComparison.Ordinal);
        long old = _server.Version;
        _server.Delete("Service", "other", "c");
        _server.Compact();
        List<Exception> errors = [];
        await foreach ((WatchEventType, V1Service) change in _client.CoreV1.WatchListServiceForAllNamespacesAsync(
            resourceVersion: $"{old}", onError: errors.Add, cancellationToken: Cancel))
        {
            Assert.Fail($"{change}");
        }

        Assert.Contains("too old resource version", Assert.Single(errors).Message, StringComparison.Ordinal);
    }
}
