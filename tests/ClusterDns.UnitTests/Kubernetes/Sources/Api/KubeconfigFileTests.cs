using System.Text;
using ClusterDns.Kubernetes.Sources;
using ClusterDns.Kubernetes.Sources.Api;
using ClusterDns.Testing.ApiServer;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Kubernetes.Sources.Api;

public sealed class KubeconfigFileTests : IDisposable
{
    private const string Head = """
        apiVersion: v1
        kind: Config
        current-context: one
        contexts:
        - name: one
          context: {cluster: c, user: u}
        - name: two
          context: {cluster: d}
        clusters:
        - name: c
          cluster: {server: "https://api.example:6443/base"}
        - name: d
          cluster: {server: "https://other.example", insecure-skip-tls-verify: true, tls-server-name: kubernetes}
        users:
        - name: u
          user: 
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("clusterdns").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string File => Path.Combine(_folder, "config");

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void Read_takes_the_current_context()
    {
        ApiEndpoint endpoint = Read(Head + "{}");
        Assert.Equal(new Uri("https://api.example:6443/base"), endpoint.Server);
        Assert.Null(endpoint.Credentials);
        Assert.Null(endpoint.Authorities);
        Assert.False(endpoint.SkipTlsVerify);
    }

    [Fact]
    public void Read_takes_the_context_asked_for()
    {
        ApiEndpoint endpoint = Read(Head + "{}", "two");
        Assert.Equal("other.example", endpoint.Server.Host);
        Assert.True(endpoint.SkipTlsVerify);
        Assert.Equal("kubernetes", endpoint.TlsServerName);
    }

    [Theory]
    [InlineData("{token: abc}", "Bearer abc")]
    [InlineData("{username: me, password: secret}", "Basic bWU6c2VjcmV0")]
    [InlineData("{tokenFile: token}", "Bearer fromfile")]
    [InlineData("{exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin, interactiveMode: Never, "
        + "args: [one], env: [{name: NUMBER, value: '7'}]}}", "Bearer exec-one-7")]
    public async Task Read_finds_credentials(string user, string header)
    {
        await System.IO.File.WriteAllTextAsync(Path.Combine(_folder, "token"), "fromfile\n", Cancel);
        string plugin = Path.Combine(_folder, "plugin");
        await System.IO.File.WriteAllTextAsync(plugin, """
            #!/bin/sh
            echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"exec-'$1-$NUMBER'"}}'
            """, Cancel);
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(plugin, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        ApiEndpoint endpoint = Read(Head + user);
        Assert.Equal(header, (await endpoint.Credentials!.GetAuthenticationHeaderAsync(Cancel)).ToString());
    }

    [Fact]
    public void Read_finds_certificates_in_files_and_in_place()
    {
        using ApiCertificates certificates = new(_folder);
        string authority = Convert.ToBase64String(System.IO.File.ReadAllBytes(certificates.AuthorityFile));
        ApiEndpoint endpoint = Read(Head.Replace("server: \"https://api", $"certificate-authority-data: {authority}, server: \"https://api")
            + "{client-certificate: client.crt, client-key: client.key}");
        Assert.Equal("CN=test authority", endpoint.Authorities!.Single().Subject);
        Assert.Equal("CN=test client", endpoint.ClientCertificate!.Subject);
        Assert.True(endpoint.ClientCertificate.HasPrivateKey);
    }

    [Theory]
    [InlineData("", ":1: the file is empty, expected a kubeconfig")]
    [InlineData("a: [", ":2: is no YAML: ")]
    [InlineData("- a", ":1: found a list, expected a mapping")]
    [InlineData("kind: Config", ":1: found nothing, expected the name of a context in current-context")]
    [InlineData("current-context: x\ncontexts: 3", ":2: found '3', expected a list")]
    [InlineData("current-context: x\ncontexts: []", ":2: found no context 'x' in contexts, expected one")]
    [InlineData(Head + "{client-key: /nowhere/key}", ":16: cannot read client-key '/nowhere/key': ")]
    [InlineData(Head + "{client-key-data: '****'}", ":16: expected base64 in client-key-data")]
    [InlineData(Head + "{client-key-data: 'AAAA'}", ":16: found no client-certificate, expected both or neither")]
    [InlineData(Head + "{auth-provider: {name: gcp}}", ":16: found auth-provider, which clients no longer support")]
    [InlineData(Head + "{exec: {command: x}}", ":16: found nothing, expected an apiVersion")]
    public void Read_says_where_and_what_is_wrong(string text, string message)
    {
        SourceConfigurationException e = Assert.Throws<SourceConfigurationException>(() => Read(text));
        Assert.StartsWith(File + message, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Theory]
    [InlineData("ftp://x")]
    [InlineData("\"\"")]
    public void Read_wants_a_server(string server)
    {
        string text = Head.Replace("\"https://api.example:6443/base\"", server) + "{}";
        Assert.StartsWith(File + ":11: found ", Assert.Throws<SourceConfigurationException>(() => Read(text)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Read_says_which_file_is_missing()
    {
        SourceConfigurationException e = Assert.Throws<SourceConfigurationException>(
            () => KubeconfigFile.Read(File, null, TimeProvider.System));
        Assert.StartsWith(File + ": cannot be read: ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_file_is_read_again_after_a_minute_or_when_refused()
    {
        string path = Path.Combine(_folder, "token");
        FakeTimeProvider time = new();
        TokenFile token = new(path, time);
        await WriteAsync("one");
        Assert.Equal("one", await ReadAsync());
        await WriteAsync("two");
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal("one", await ReadAsync());
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("two", await ReadAsync());
        await WriteAsync("three");
        token.Forget();
        Assert.Equal("three", await ReadAsync());
        System.IO.File.Delete(path);
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("three", await ReadAsync());

        Task WriteAsync(string text) => System.IO.File.WriteAllTextAsync(path, text, Encoding.ASCII, Cancel);
        async Task<string?> ReadAsync() => (await token.GetAuthenticationHeaderAsync(Cancel)).Parameter;
    }

    private ApiEndpoint Read(string text, string? context = null)
    {
        System.IO.File.WriteAllText(File, text);
        return KubeconfigFile.Read(File, context, TimeProvider.System);
    }
}
