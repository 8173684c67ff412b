using System.Buffers.Text;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Plugins.Https;
using ClusterDns.Plugins.Timeouts;
using ClusterDns.Plugins.Tls;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;
using ClusterDns.Server.Transports;
using ClusterDns.Server.Transports.Quic;
using ClusterDns.Testing;
using ClusterDns.Testing.Transports;
using ClusterDns.Testing.Wire;
using Xunit;

namespace ClusterDns.FunctionalTests.Transports;

/// <summary>DNS over TLS and over HTTPS with clients of the base library, and what is refused.</summary>
public sealed class EncryptedTransportTests : IAsyncDisposable
{
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;
    private readonly TransportHarness _harness = new();
    private readonly X509Certificate2 _certificate = TestCertificates.Create();
    private readonly HttpClient _http;

    public EncryptedTransportTests()
    {
        var options = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null && shown.Equals(_certificate),
        };
        _http = new HttpClient(new SocketsHttpHandler { SslOptions = options });
    }

    [Fact]
    public async Task Tls_is_answered_and_garbage_in_its_place_costs_one_connection()
    {
        var server = Start(TransportScheme.Tls, TransportHarness.Address, WithCertificate());
        using var garbage = await StreamClient.ConnectAsync(server, _token);
        await garbage.SendAsync(_token, StreamClient.Query(1, "www.test."));
        Assert.Null(await garbage.ReceiveAsync(_token));

        using var client = await StreamClient.ConnectTlsAsync(server, _certificate, _token);
        await client.SendAsync(_token, StreamClient.Query(2, "www.test."), StreamClient.Query(3, "www.test."));

        Assert.Equal(new SslApplicationProtocol("dot"), client.Encrypted.NegotiatedApplicationProtocol);
        Assert.Equal(2, (await client.ReceiveAsync(_token))!.Id); // it was answered
        Assert.Equal(3, (await client.ReceiveAsync(_token))!.Id); // likewise
    }

    [Fact]
    public async Task Tls_without_a_certificate_is_served_in_the_clear()
    {
        using var client = await StreamClient.ConnectAsync(Start(TransportScheme.Tls, TransportHarness.Address), _token);

        await client.SendAsync(_token, StreamClient.Query(4, "www.test."));

        Assert.Equal(4, (await client.ReceiveAsync(_token))!.Id); // it was answered
    }

    [Theory]
    [InlineData("GET", 1)]
    [InlineData("GET", 2)]
    [InlineData("POST", 1)]
    [InlineData("POST", 2)]
    public async Task Https_answers_by_both_methods_and_versions(string method, int version)
    {
        var server = Start(TransportScheme.Https, TransportHarness.Address, WithCertificate());

        using var response = await AskAsync($"https://{server}/dns-query", method, StreamClient.Query(0, "www.test."), version);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(version, response.Version.Major);
        Assert.Equal("application/dns-message", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(TimeSpan.FromSeconds(60), response.Headers.CacheControl?.MaxAge);
        var message = WireMessage.Decode(await response.Content.ReadAsByteArrayAsync(_token));
        Assert.Equal([192, 0, 2, 1], message.Answer[0].Rdata);
    }

    [Fact]
    public async Task Https_without_a_certificate_is_served_in_the_clear()
    {
        var server = Start(TransportScheme.Https, TransportHarness.Address);

        using var response = await AskAsync($"http://{server}/dns-query", "GET", StreamClient.Query(0, "www.test."), 1);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/dns-query", 400)]
    [InlineData("GET", "/dns-query?dns=%%%", 400)]
    [InlineData("GET", "/dns-query?dns=AAA=", 400)]
    [InlineData("GET", "/dns-query?dns=AAAA&dns=AAAA", 400)]
    [InlineData("GET", "/", 404)]
    [InlineData("POST", "/dns-query/", 404)]
    [InlineData("PUT", "/dns-query", 400)]
    [InlineData("POST", "/dns-query", 400, 0)]
    [InlineData("POST", "/dns-query", 400, 11)]
    [InlineData("POST", "/dns-query", 413, 65_536)]
    public async Task Https_refuses_what_is_no_query(string method, string path, int status, int octets = 12)
    {
        var server = Start(TransportScheme.Https, TransportHarness.Address);
        using var request = new HttpRequestMessage(new HttpMethod(method), $"http://{server}{path}");
        request.Content = method == "GET" ? null : new ByteArrayContent(new byte[octets]);

        using var response = await _http.SendAsync(request, _token);

        Assert.Equal(status, (int)response.StatusCode);
    }

    // 414: the line that carries it is too long already, so nothing of it was decoded.
    [Theory]
    [InlineData(10_000)]
    [InlineData(100_000)]
    public async Task Https_refuses_a_parameter_that_is_too_long_before_decoding_it(int characters)
    {
        var server = Start(TransportScheme.Https, TransportHarness.Address);

        using var response = await _http.GetAsync(new Uri($"http://{server}/dns-query?dns={new string('A', characters)}"), _token);

        Assert.Equal(414, (int)response.StatusCode);
        Assert.True(SpinWait.SpinUntil(() => _harness.Ceiling("http_headers") == 1, Patience.Limit));
    }

    [Fact]
    public async Task Https_refuses_a_body_of_unknown_length_that_is_too_long()
    {
        var server = Start(TransportScheme.Https, TransportHarness.Address);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{server}/dns-query");
        request.Content = new ByteArrayContent(new byte[100_000]);
        request.Headers.TransferEncodingChunked = true;

        using var response = await _http.SendAsync(request, _token);

        Assert.Equal(413, (int)response.StatusCode);
        Assert.True(SpinWait.SpinUntil(() => _harness.Ceiling("http_body") == 1, Patience.Limit));
    }

    [Theory]
    [InlineData(false, "GET /dns-query")]
    [InlineData(true, "")]
    public async Task Https_closes_and_counts_clients_that_take_too_long(bool isEncrypted, string octets)
    {
        // Kestrel knows no clock but the system's.
        await using var harness = new TransportHarness(TimeProvider.System);
        var timeouts = new TimeoutsOptions { Read = TimeSpan.FromMilliseconds(300) };
        object[] parts = isEncrypted ? [WithCertificate(), timeouts] : [timeouts];
        var server = harness.Start(harness.Group(TransportHarness.Address, scheme: TransportScheme.Https, parts: parts)).LocalEndPoint;
        using var client = await StreamClient.ConnectAsync(server, _token);

        await client.SendOctetsAsync(Encoding.ASCII.GetBytes(octets), _token);

        Assert.True(SpinWait.SpinUntil(() => harness.Closed("timeout") == 1, Patience.Limit));
    }

    [Fact]
    public async Task Https_connection_beyond_the_ceiling_takes_the_place_of_the_oldest_of_the_client_with_most()
    {
        var server = Start(TransportScheme.Https, TransportHarness.Address, new HttpsOptions(MaxConnections: 3));
        using var light = await ConnectAsync(server, "127.0.0.2");
        using var oldest = await ConnectAsync(server, "127.0.0.1");
        using var older = await ConnectAsync(server, "127.0.0.1");

        using var newest = await ConnectAsync(server, "127.0.0.1");

        Assert.True(SpinWait.SpinUntil(() => oldest.Poll(0, SelectMode.SelectRead), Patience.Limit));
        Assert.Equal(1, _harness.Closed("limit"));
        foreach (var socket in (Socket[])[light, older, newest])
        {
            await AskAsync(socket);
        }
    }

    // RFC 8484 §5.1: not longer than the MINIMUM field of the SOA record, though its TTL is 60.
    [Theory]
    [InlineData(ResponseCode.NoError, true, 7)]
    [InlineData(ResponseCode.NXDomain, true, 7)]
    [InlineData(ResponseCode.NXDomain, false, 5)]
    [InlineData(ResponseCode.NoError, false, 5)]
    [InlineData(ResponseCode.ServFail, true, 5)]
    public async Task Https_says_for_how_long_an_absence_may_be_kept(ResponseCode code, bool hasSoa, int seconds)
    {
        byte[] soa = [0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 7];
        var server = Start(TransportScheme.Https, new FakeHandler(query =>
        {
            query.Response.Begin("test", authoritative: true, code);
            if (hasSoa)
            {
                query.Response.AddAuthority(NameRef.QueryName, RecordType.SOA, 60, soa);
            }
        }));

        using var response = await AskAsync($"http://{server}/dns-query", "POST", StreamClient.Query(0, "www.test."), 1);

        Assert.Equal(TimeSpan.FromSeconds(seconds), response.Headers.CacheControl?.MaxAge);
    }

    [Fact]
    public async Task Https_says_500_where_nothing_is_answered()
    {
        var server = Start(TransportScheme.Https, new FakeHandler(static query => query.Response.Drop("test")));

        using var response = await AskAsync($"http://{server}/dns-query", "POST", StreamClient.Query(0, "www.test."), 1);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
    }

    [Theory]
    [InlineData(TransportScheme.Quic)]
    [InlineData(TransportScheme.Https3)]
    public void Bind_says_what_to_install_where_there_is_no_QUIC(TransportScheme scheme)
    {
        Assert.SkipWhen(QuicSupport.IsThere, "this machine speaks QUIC");
        var group = _harness.Group(TransportHarness.Address, scheme: scheme, parts: WithCertificate());

        var refused = Assert.Throws<ListenException>(() => TransportFactory.Bind(group, _harness.Services, _harness.Limits));

        Assert.StartsWith("Corefile:1: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("install the package libmsquic", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _harness.DisposeAsync();
        _certificate.Dispose();
    }

    private async Task<Socket> ConnectAsync(IPEndPoint server, string from)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await socket.ConnectAsync(server, _token);

        // An answer says that the server has taken the connection in.
        await AskAsync(socket);
        return socket;
    }

    private async Task AskAsync(Socket socket)
    {
        await socket.SendAsync("GET / HTTP/1.1\r\nHost: test\r\n\r\n"u8.ToArray(), _token);
        var answer = new byte[4096];
        Assert.NotEqual(0, await socket.ReceiveAsync(answer, _token));
        Assert.StartsWith("HTTP/1.1 404", Encoding.ASCII.GetString(answer), StringComparison.Ordinal);
    }

    private TlsOptions WithCertificate() => new(_certificate, [], null, ClientCertificates.None);

    private IPEndPoint Start(TransportScheme scheme, FakeHandler handler, params object[] parts) =>
        _harness.Start(_harness.Group(handler, scheme: scheme, parts: parts)).LocalEndPoint;

    private async Task<HttpResponseMessage> AskAsync(string uri, string method, byte[] query, int version)
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(method), method == "GET" ? $"{uri}?dns={Base64Url.EncodeToString(query)}" : uri);
        request.Version = new Version(version, version == 1 ? 1 : 0);
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        request.Content = method == "GET" ? null : new ByteArrayContent(query);
        return await _http.SendAsync(request, _token);
    }
}
