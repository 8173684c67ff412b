using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace ClusterDns.Testing.ApiServer;

/// <summary>
/// A double of the Kubernetes API server on 127.0.0.1: lists and watches the objects it was given, and fails on demand.
/// Its shapes are held against recordings of a real server by the unit tests.
/// </summary>
public sealed class FakeApiServer : IAsyncDisposable, IDisposable
{
    private readonly ApiState _state = new();
    private readonly FakeApiServerOptions _options;
    private readonly ApiHandler _handler;
    private readonly WebApplication _app;

    private FakeApiServer(FakeApiServerOptions options)
    {
        _options = options;
        if (options.YamlFile is not null)
        {
            Apply(File.ReadAllText(options.YamlFile));
        }

        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, options.Port, listen =>
            {
                if (options.Certificates is { } certificates)
                {
                    listen.UseHttps(https =>
                    {
                        https.ServerCertificate = certificates.Server;
                        https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                        https.ClientCertificateValidation = (certificate, _, _) => certificates.Issued(certificate);
                    });
                }
            }));
        _app = builder.Build();
        _handler = new ApiHandler(_state, options);
        _app.Run(_handler.HandleAsync);
    }

    public Uri Uri { get; private set; } = new("http://127.0.0.1/");

    /// <summary>Bearer token that requests must carry; null to let everyone in.</summary>
    public string? Token
    {
        get => _handler.Token;
        set => _handler.Token = value;
    }

    public long Version => _state.Version;

    /// <summary>Every request so far, oldest first.</summary>
    public IReadOnlyList<ApiRequest> Requests => _handler.Requests;

    public static async Task<FakeApiServer> StartAsync(FakeApiServerOptions options)
    {
        FakeApiServer server = new(options);
        await server._app.StartAsync();
        // Kestrel always has this feature.
        string address = server._app.Services.GetRequiredService<IServer>().Features
            .Get<IServerAddressesFeature>()!.Addresses.First();
        server.Uri = new Uri(address);
        return server;
    }

    /// <summary>Serves the objects of one YAML file over plain HTTP.</summary>
    public static FakeApiServer Start(string yamlFile) =>
        StartAsync(new FakeApiServerOptions { YamlFile = yamlFile }).GetAwaiter().GetResult();

    /// <summary>Creates or replaces every object of a YAML stream.</summary>
    public void Apply(string yaml)
    {
        foreach (JsonObject item in YamlObjects.Parse(yaml))
        {
            _state.Apply(item);
        }
    }

    /// <returns>False if there is none of that name.</returns>
    public bool Delete(string kind, string @namespace, string name) =>
        _state.Delete(ApiResource.OfKind(kind), @namespace, name);

    public void Compact() => _state.Compact();

    public void SendBookmarks() => _state.SendBookmarks();

    /// <summary>Ends all watches in progress, or those of one collection.</summary>
    public void BreakWatches(WatchBreak how, string? plural = null) => _state.BreakWatches(how, plural);

    /// <summary>Returns as soon as so many watches of the collection are open.</summary>
    public Task WaitForWatchesAsync(string plural, int count, CancellationToken cancellationToken) =>
        _state.WaitForWatchesAsync(plural, count, cancellationToken);

    public void Fail(ApiFault fault) => _handler.Add(fault);

    /// <summary>Writes a kubeconfig file that leads here, with the token or the client certificate in use.</summary>
    public void WriteKubeconfig(string path)
    {
        string authority = _options.Certificates is { } tls ? $"    certificate-authority: {tls.AuthorityFile}\n" : "";
        string user = Token is not null ? $"    token: {Token}\n"
            : _options.Certificates is { } own
                ? $"    client-certificate: {own.ClientCertificateFile}\n    client-key: {own.ClientKeyFile}\n"
                : "";
        File.WriteAllText(path, $"""
            apiVersion: v1
            kind: Config
            current-context: test
            clusters:
            - name: test
              cluster:
                server: {Uri.ToString().TrimEnd('/')}
            {authority}contexts:
            - name: test
              context:
                cluster: test
                user: test
            users:
            - name: test
              user:
            {(user.Length > 0 ? user : "    {}\n")}
            """);
    }

    public async ValueTask DisposeAsync()
    {
        BreakWatches(WatchBreak.EndOfStream);
        using CancellationTokenSource now = new(TimeSpan.FromMilliseconds(200));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();
}
