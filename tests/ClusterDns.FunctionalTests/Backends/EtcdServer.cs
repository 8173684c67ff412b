using System.Security.Cryptography.X509Certificates;
using System.Text;
using ClusterDns.Testing;
using ClusterDns.Testing.ApiServer;
using ClusterDns.Testing.Processes;
using Xunit;

namespace ClusterDns.FunctionalTests.Backends;

/// <summary>A real etcd of one member, in a folder and on ports of its own.</summary>
internal sealed class EtcdServer : IAsyncDisposable
{
    private readonly string _folder;
    private readonly ServerProcess _process;
    private readonly HttpClient _http;
    private string? _token;

    private EtcdServer(string folder, ServerProcess process, Uri endpoint, HttpClient http) =>
        (_folder, _process, Endpoint, _http) = (folder, process, endpoint, http);

    public Uri Endpoint { get; }

    /// <param name="certificates">Where given, clients have to show one of its certificates.</param>
    public static async Task<EtcdServer> StartAsync(ApiCertificates? certificates = null)
    {
        string folder = Directory.CreateTempSubdirectory("clusterdns").FullName;
        string client = $"{(certificates is null ? "http" : "https")}://127.0.0.1:{FreePorts.Take()}";
        string peer = $"http://127.0.0.1:{FreePorts.Take()}";
        List<string> arguments =
        [
            "--name", "test", "--data-dir", Path.Combine(folder, "data"), "--logger", "zap", "--log-level", "error",
            "--listen-client-urls", client, "--advertise-client-urls", client,
            "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", $"test={peer}",
        ];
        HttpClientHandler handler = new();
        if (certificates is not null)
        {
            string certificate = Path.Combine(folder, "server.crt");
            string key = Path.Combine(folder, "server.key");
            await File.WriteAllTextAsync(certificate, certificates.Server.ExportCertificatePem());
            await File.WriteAllTextAsync(key, certificates.Server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()); // it is an ECDSA key
            arguments.AddRange(["--cert-file", certificate, "--key-file", key, "--client-cert-auth", "--trusted-ca-file", certificates.AuthorityFile]);
            handler.ClientCertificates.Add(X509Certificate2.CreateFromPemFile(
                certificates.ClientCertificateFile, certificates.ClientKeyFile));
            handler.ServerCertificateCustomValidationCallback = static (_, _, _, _) => true;
        }

        ServerProcess process = ServerProcess.Start("etcd", folder, new Dictionary<string, string>(), [.. arguments]);
        EtcdServer server = new(folder, process, new Uri(client), new HttpClient(handler));
        Assert.True(await process.WaitUntilAsync(server.IsReadyAsync, Patience.Limit), "etcd did not start\n" + process.Output);
        return server;
    }

    public Task PutAsync(string key, string value, long lease = 0) =>
        PostAsync("v3/kv/put", $$"""{"key":"{{Base64(key)}}","value":"{{Base64(value)}}","lease":"{{lease}}"}""");

    /// <summary>The identity of a new lease.</summary>
    public async Task<long> GrantAsync(int seconds)
    {
        const long id = 4711;
        await PostAsync("v3/lease/grant", $$"""{"TTL":"{{seconds}}","ID":"{{id + seconds}}"}""");
        return id + seconds;
    }

    /// <summary>From here on nobody gets anything without a name and a password.</summary>
    public async Task RequireUserAsync(string user, string password)
    {
        await PostAsync("v3/auth/user/add", """{"name":"root","password":"root-secret"}""");
        await PostAsync("v3/auth/role/add", """{"name":"root"}""");
        await PostAsync("v3/auth/user/grant", """{"user":"root","role":"root"}""");
        await PostAsync("v3/auth/user/add", $$"""{"name":"{{user}}","password":"{{password}}"}""");
        await PostAsync("v3/auth/role/add", """{"name":"reader"}""");
        await PostAsync(
            "v3/auth/role/grant",
            $$"""{"name":"reader","perm":{"permType":"READ","key":"{{Base64("/skydns/")}}","range_end":"{{Base64("/skydns0")}}"} }""");
        await PostAsync("v3/auth/user/grant", $$"""{"user":"{{user}}","role":"reader"}""");
        await PostAsync("v3/auth/enable", "{}");
        string reply = await PostAsync("v3/auth/authenticate", """{"name":"root","password":"root-secret"}""");
        _token = reply.Split("\"token\":\"")[1].Split('"')[0];
    }

    /// <summary>Ends every token that was given to a user.</summary>
    public Task ChangePasswordAsync(string user, string password) =>
        PostAsync("v3/auth/user/changepw", $$"""{"name":"{{user}}","password":"{{password}}"}""");

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _http.Dispose();
        Directory.Delete(_folder, true);
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using HttpResponseMessage response = await _http.GetAsync(new Uri(Endpoint, "health"));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<string> PostAsync(string path, string body)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(Endpoint, path)) { Content = new StringContent(body) };
        if (_token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", _token);
        }

        using HttpResponseMessage response = await _http.SendAsync(request);
        string reply = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {reply}");
        return reply;
    }
}
