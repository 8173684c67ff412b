using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ClusterDns.Testing;
using ClusterDns.Testing.ApiServer;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Processes;
using ClusterDns.Testing.Transports;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Dnstap;

/// <summary><c>tls://</c>: who must prove to whom who it is, on both sides.</summary>
public sealed class DnstapTlsTests : IAsyncDisposable
{
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;
    private readonly string _folder = Directory.CreateTempSubdirectory("dnstap").FullName;
    private readonly FakeTimeProvider _time = new();
    private readonly KeptLog _log = new();
    private readonly List<IDisposable> _open = [];
    private readonly ApiCertificates _certificates;
    private ChainHarness? _chain;

    public DnstapTlsTests() => _certificates = new ApiCertificates(_folder);

    private string Own => $"tls {_certificates.ClientCertificateFile} {_certificates.ClientKeyFile}";

    [Fact]
    public async Task Messages_go_to_who_need_not_prove_itself()
    {
        var listener = Listen();
        var chain = await StartAsync($"dnstap tls://{listener.LocalEndPoint} {{\n skipverify\n}}");
        var sink = Sink(await AcceptAsync(listener));
        await sink.ShakeHandsAsync(_token);

        await chain.AskAsync("www.test.");

        Assert.Equal(5ul, (await sink.NextAsync(_token))!.Type);
        Assert.Equal(6ul, (await sink.NextAsync(_token))!.Type);
    }

    [Fact]
    public async Task Nothing_goes_to_who_cannot_prove_itself()
    {
        var listener = Listen();
        var chain = await StartAsync($"dnstap tls://{listener.LocalEndPoint}");
        await chain.AskAsync("www.test.");

        // Which side sees the end of the handshake first is TLS's affair; no frame comes out of it.
        var refused = await Record.ExceptionAsync(async () => await Sink(await AcceptAsync(listener)).ShakeHandsAsync(_token));

        Assert.True(refused is IOException or AuthenticationException, $"{refused}");
        Assert.True(SpinWait.SpinUntil(() => _log.Lines.Length > 0, Patience.Limit));
        Assert.Contains("certificate", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listener_shows_its_certificate_and_gives_all_messages()
    {
        var port = FreePorts.Take();
        var chain = await StartAsync($"dnstap listen tls://127.0.0.1:{port} {{\n {Own}\n}}");
        var sink = await ConnectAsync(port);

        await chain.AskAsync("www.test.");

        Assert.Equal(5ul, (await sink.NextAsync(_token))!.Type);
    }

    [Theory]
    [InlineData("", true, true)]
    [InlineData("", false, false)]
    [InlineData("skipverify", true, true)]
    [InlineData("skipverify", false, true)]
    public async Task Listener_with_authorities_wants_clients_of_theirs(string option, bool hasCertificate, bool isServed)
    {
        var port = FreePorts.Take();
        var chain = await StartAsync($"dnstap listen tls://127.0.0.1:{port} {{\n {Own} {_certificates.AuthorityFile}\n {option}\n}}");
        using var certificate = X509Certificate2.CreateFromPemFile(_certificates.ClientCertificateFile, _certificates.ClientKeyFile);

        await AssertServedAsync(chain, isServed, () => ConnectAsync(port, hasCertificate ? certificate : null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("skipverify")]
    public async Task Listener_with_authorities_refuses_clients_of_others(string option)
    {
        using var others = new ApiCertificates(Path.Combine(_folder, "others"));
        var port = FreePorts.Take();
        var chain = await StartAsync($"dnstap listen tls://127.0.0.1:{port} {{\n {Own} {_certificates.AuthorityFile}\n {option}\n}}");
        using var certificate = X509Certificate2.CreateFromPemFile(others.ClientCertificateFile, others.ClientKeyFile);

        await AssertServedAsync(chain, isServed: false, () => ConnectAsync(port, certificate));
    }

    [Fact]
    public async Task Listener_outlives_who_does_not_speak_TLS()
    {
        var port = FreePorts.Take();
        var chain = await StartAsync($"dnstap listen tls://127.0.0.1:{port} {{\n {Own}\n}}");
        using var plain = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await plain.ConnectAsync(IPAddress.Loopback, port, _token);
        await plain.SendAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), _token);

        await AssertServedAsync(chain, isServed: true, () => ConnectAsync(port));
    }

    public async ValueTask DisposeAsync()
    {
        _open.ForEach(static open => open.Dispose());
        foreach (var step in _chain?.Block.Shutdown ?? [])
        {
            var stopping = step().AsTask();
            while (!stopping.IsCompleted)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                await Task.WhenAny(stopping, Task.Delay(10, CancellationToken.None));
            }
        }

        _certificates.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // In TLS 1.3 a client learns that its certificate is refused only after its own handshake is over.
    private async Task AssertServedAsync(ChainHarness chain, bool isServed, Func<Task<DnstapSink>> connect)
    {
        if (!isServed)
        {
            var refused = await Record.ExceptionAsync(connect);
            Assert.True(refused is IOException or AuthenticationException, $"{refused}");
            return;
        }

        var sink = await connect();
        await chain.AskAsync("www.test.");
        Assert.Equal(5ul, (await sink.NextAsync(_token))!.Type);
    }

    private async Task<ChainHarness> StartAsync(string text)
    {
        _chain = new ChainHarness($".:53 {{\n{text}\n}}\n", TransportHarness.Address, _time, _log);
        await _chain.StartAsync();
        return _chain;
    }

    private Socket Listen()
    {
        var listener = DnstapSink.Listen(new IPEndPoint(IPAddress.Loopback, 0));
        _open.Add(listener);
        return listener;
    }

    private async Task<SslStream> AcceptAsync(Socket listener)
    {
        var stream = new SslStream(new NetworkStream(await listener.AcceptAsync(_token), ownsSocket: true));
        _open.Add(stream);
        await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificates.Server }, _token);
        return stream;
    }

    private async Task<DnstapSink> ConnectAsync(int port, X509Certificate2? certificate = null)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port, _token);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        _open.Add(stream);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            ClientCertificates = certificate is null ? null : [certificate],
            RemoteCertificateValidationCallback = static (_, shown, _, _) => shown?.Subject == "CN=test client",
        };
        await stream.AuthenticateAsClientAsync(options, _token);
        var sink = Sink(stream);
        await sink.ShakeHandsAsync(_token);
        return sink;
    }

    private DnstapSink Sink(Stream stream)
    {
        var sink = new DnstapSink(stream);
        _open.Add(sink);
        return sink;
    }
}
