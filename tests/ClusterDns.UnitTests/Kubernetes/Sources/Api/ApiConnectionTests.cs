using System.Net;
using ClusterDns.Kubernetes.Sources;
using ClusterDns.Kubernetes.Sources.Api;
using ClusterDns.Testing.ApiServer;
using ClusterDns.Testing.Processes;
using ClusterDns.UnitTests.Kubernetes.Sync;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Kubernetes.Sources.Api;

public sealed class ApiConnectionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("clusterdns").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public async Task GetAsync_shows_the_client_certificate_over_http2()
    {
        using ApiCertificates certificates = new(_folder);
        await using FakeApiServer server = await FakeApiServer.StartAsync(new() { Certificates = certificates });
        using ApiConnection connection = Connect(new()
        {
            Endpoint = server.Uri.ToString(),
            CertificateFile = certificates.ClientCertificateFile,
            KeyFile = certificates.ClientKeyFile,
            AuthorityFile = certificates.AuthorityFile,
        });
        using HttpResponseMessage response = await connection.GetAsync("/api/v1/services?limit=1", Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        ApiRequest request = server.Requests.Single();
        Assert.Equal("CN=test client", request.ClientCertificate);
        Assert.Equal("HTTP/2", request.Protocol);
    }

    [Fact]
    public async Task GetAsync_goes_where_a_written_kubeconfig_leads()
    {
        using ApiCertificates certificates = new(_folder);
        await using FakeApiServer server = await FakeApiServer.StartAsync(new() { Certificates = certificates });
        server.WriteKubeconfig(Path.Combine(_folder, "config"));
        using ApiConnection connection = Connect(new() { KubeconfigFile = Path.Combine(_folder, "config") });
        using HttpResponseMessage response = await connection.GetAsync("/api/v1/services", Cancel);
        Assert.Equal("CN=test client", server.Requests.Single().ClientCertificate);
    }

    [Fact]
    public async Task GetAsync_refuses_a_server_whose_certificate_is_for_another_name()
    {
        using ApiCertificates certificates = new(_folder, "evil.example");
        await using FakeApiServer server = await FakeApiServer.StartAsync(new() { Certificates = certificates });
        using ApiConnection connection = Connect(new()
        {
            Endpoint = server.Uri.ToString(),
            AuthorityFile = certificates.AuthorityFile,
        });
        ApiException e = await Assert.ThrowsAsync<ApiException>(() => connection.GetAsync("/api/v1/services", Cancel));
        Assert.Null(e.Code);
        Assert.Contains("RemoteCertificateNameMismatch", e.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task GetAsync_refuses_a_server_of_another_authority()
    {
        using ApiCertificates certificates = new(_folder);
        using ApiCertificates others = new(Path.Combine(_folder, "other"));
        await using FakeApiServer server = await FakeApiServer.StartAsync(new() { Certificates = certificates });
        using ApiConnection connection = Connect(new()
        {
            Endpoint = server.Uri.ToString(),
            AuthorityFile = others.AuthorityFile,
        });
        await Assert.ThrowsAsync<ApiException>(() => connection.GetAsync("/api/v1/services", Cancel));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task GetAsync_reads_the_configuration_again_when_the_server_is_no_longer_trusted()
    {
        using ApiCertificates first = new(_folder);
        FakeApiServer server = await FakeApiServer.StartAsync(new() { Certificates = first, Port = FreePorts.Take() });
        using ApiConnection connection = Connect(new()
        {
            Endpoint = server.Uri.ToString(),
            AuthorityFile = first.AuthorityFile,
            CertificateFile = first.ClientCertificateFile,
            KeyFile = first.ClientKeyFile,
        });
        (await connection.GetAsync("/api/v1/services", Cancel)).Dispose();
        await server.DisposeAsync();

        using ApiCertificates second = new(_folder);
        await using FakeApiServer renewed =
            await FakeApiServer.StartAsync(new() { Certificates = second, Port = server.Uri.Port });
        await Assert.ThrowsAsync<ApiException>(() => connection.GetAsync("/api/v1/services", Cancel));
        (await connection.GetAsync("/api/v1/services", Cancel)).Dispose();
        Assert.Equal("CN=test client", renewed.Requests.Single().ClientCertificate);
    }

    [Fact]
    public async Task GetAsync_reads_the_configuration_again_when_it_is_refused()
    {
        await using FakeApiServer server = await FakeApiServer.StartAsync(new());
        server.Token = "first";
        string kubeconfig = Path.Combine(_folder, "config");
        server.WriteKubeconfig(kubeconfig);
        using ApiConnection connection = Connect(new() { KubeconfigFile = kubeconfig });
        (await connection.GetAsync("/api/v1/services", Cancel)).Dispose();
        server.Token = "second";
        server.WriteKubeconfig(kubeconfig);
        await Assert.ThrowsAsync<ApiException>(() => connection.GetAsync("/api/v1/services", Cancel));
        (await connection.GetAsync("/api/v1/services", Cancel)).Dispose();
    }

    [Fact]
    public async Task GetAsync_tells_the_observer_and_reads_the_status()
    {
        await using FakeApiServer server = await FakeApiServer.StartAsync(new());
        RecordingObserver observer = new();
        using ApiConnection connection = Connect(new() { Endpoint = server.Uri.ToString() }, observer);
        (await connection.GetAsync("/api/v1/services", Cancel)).Dispose();
        server.Fail(new() { Code = 429, RetryAfter = 7 });
        ApiException e = await Assert.ThrowsAsync<ApiException>(() => connection.GetAsync("/api/v1/services", Cancel));
        Assert.Equal(HttpStatusCode.TooManyRequests, e.Code);
        Assert.Equal(TimeSpan.FromSeconds(7), e.RetryAfter);
        Assert.Equal("429 TooManyRequests: too many requests, please try again later", e.Message);
        Assert.Equal([("GET", server.Uri.Authority, 200), ("GET", server.Uri.Authority, (int?)429)], observer.Requests);
    }

    [Fact]
    public async Task GetAsync_gives_up_on_a_server_that_does_not_answer()
    {
        await using FakeApiServer server = await FakeApiServer.StartAsync(new());
        TaskCompletionSource never = new();
        server.Fail(new() { Until = never.Task });
        FakeTimeProvider time = new();
        RecordingObserver observer = new();
        using ApiConnection connection = new(() => new ApiEndpoint(server.Uri), time, observer);
        Task<HttpResponseMessage> asking = connection.GetAsync("/api/v1/services", Cancel);
        while (server.Requests.Count == 0)
        {
            await Task.Yield();
        }

        time.Advance(TimeSpan.FromSeconds(30));
        ApiException e = await Assert.ThrowsAsync<ApiException>(() => asking);
        Assert.Equal("no response within 30 s", e.Message);
        Assert.Equal([("GET", server.Uri.Authority, null)], observer.Requests);
        never.SetResult();
    }

    [Theory]
    [InlineData("127.0.0.1:8080", "http://127.0.0.1:8080/")]
    [InlineData("https://[::1]:6443", "https://[::1]:6443/")]
    [InlineData("ftp://x", null)]
    [InlineData("http://", null)]
    public void ParseUrl_takes_what_leads_to_a_server(string text, string? url) =>
        Assert.Equal(url, ApiEndpoints.ParseUrl(text, false)?.ToString());

    [Fact]
    public void Resolve_names_every_way_to_a_server_where_there_is_none()
    {
        SourceConfigurationException e = Assert.Throws<SourceConfigurationException>(
            () => ApiEndpoints.Resolve(new(), TimeProvider.System));
        Assert.StartsWith("kubernetes: found no endpoint, no kubeconfig and no service account", e.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_names_the_file_that_holds_no_certificate()
    {
        string file = Path.Combine(_folder, "ca");
        File.WriteAllText(file, "nothing");
        SourceConfigurationException e = Assert.Throws<SourceConfigurationException>(
            () => ApiEndpoints.Resolve(new() { Endpoint = "https://x", AuthorityFile = file }, TimeProvider.System));
        Assert.StartsWith(file + ": found no certificate", e.Message, StringComparison.Ordinal);
    }

    private static ApiConnection Connect(KubernetesSyncOptions options, RecordingObserver? observer = null) =>
        new(() => ApiEndpoints.Resolve(options, TimeProvider.System), TimeProvider.System, observer);
}
