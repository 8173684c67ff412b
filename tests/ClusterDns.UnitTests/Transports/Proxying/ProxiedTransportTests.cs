using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;
using ClusterDns.Plugins.Grpc;
using ClusterDns.Plugins.ProxyProto;
using ClusterDns.Plugins.Tls;
using ClusterDns.Protocol.Records;
using ClusterDns.Server.Transports;
using ClusterDns.Server.Transports.Proxying;
using ClusterDns.Testing;
using ClusterDns.Testing.Transports;
using ClusterDns.Testing.Wire;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Transports.Proxying;

/// <summary>PROXY headers in front of queries, on each transport that takes them; the answer says who the client is.</summary>
public sealed class ProxiedTransportTests : IDisposable
{
    private static readonly byte[] Header = ProxyHeaderTests.Naming(new IPEndPoint(IPAddress.Parse("192.0.2.7"), 7));

    private readonly CancellationToken _token = TestContext.Current.CancellationToken;
    private readonly X509Certificate2 _certificate = TestCertificates.Create();

    // Answers with the address of the client.
    private static FakeHandler Mirror { get; } = new(static query =>
    {
        Span<byte> address = stackalloc byte[16];
        query.Response.Begin("test", authoritative: true);
        query.Response.AddAnswer(NameRef.QueryName, RecordType.A, 60, address[..query.Client.Address.WriteOctets(address)]);
    });

    [Theory]
    [InlineData(ProxyPolicy.Use, true, "192.0.2.7")]
    [InlineData(ProxyPolicy.Use, false, "127.0.0.1")]
    [InlineData(ProxyPolicy.Ignore, true, "127.0.0.1")]
    [InlineData(ProxyPolicy.Ignore, false, "127.0.0.1")]
    [InlineData(ProxyPolicy.Reject, true, null)]
    [InlineData(ProxyPolicy.Reject, false, "127.0.0.1")]
    [InlineData(ProxyPolicy.Skip, false, "127.0.0.1")]
    public async Task Tcp_follows_the_policy(object policy, bool hasHeader, string? expected)
    {
        await using var harness = new TransportHarness();
        using var client = await ConnectAsync(harness, (ProxyPolicy)policy);

        await client.SendOctetsAsync([.. hasHeader ? Header : [], .. Framed(1), .. Framed(2)], _token);

        Assert.Equal(expected, AddressIn(await client.ReceiveAsync(_token)));
        Assert.Equal(expected, AddressIn(await client.ReceiveAsync(_token)));
    }

    [Fact]
    public async Task Tcp_takes_a_header_that_comes_octet_by_octet()
    {
        await using var harness = new TransportHarness();
        using var client = await ConnectAsync(harness, ProxyPolicy.Use);
        foreach (var octet in (byte[])[.. Encoding.ASCII.GetBytes("PROXY TCP4 192.0.2.9 127.0.0.1 9 53\r\n"), .. Framed(1)])
        {
            await client.SendOctetsAsync([octet], _token);
        }

        Assert.Equal("192.0.2.9", AddressIn(await client.ReceiveAsync(_token)));
    }

    [Fact]
    public async Task Tcp_with_a_malformed_header_is_closed()
    {
        await using var harness = new TransportHarness();
        using var client = await ConnectAsync(harness, ProxyPolicy.Use);

        await client.SendOctetsAsync([.. "PROXY TCP4 nobody\r\n"u8, .. Framed(1)], _token);

        Assert.Null(await client.ReceiveAsync(_token));
    }

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.1")]
    [InlineData("\r\n\r\n")]
    public async Task Tcp_whose_header_never_ends_is_closed_when_its_time_is_over(string begun)
    {
        var time = new FakeTimeProvider();
        await using var harness = new TransportHarness(time);
        using var client = await ConnectAsync(harness, ProxyPolicy.Use);
        await client.SendOctetsAsync(Encoding.ASCII.GetBytes(begun), _token);
        Assert.True(SpinWait.SpinUntil(() => harness.Limits.Connections.Count == 1, Patience.Limit));

        StreamTransportTests.AdvanceUntil(time, TimeSpan.FromSeconds(3), () => harness.Limits.ClosedTimedOut.Value == 1);

        Assert.Null(await client.ReceiveAsync(_token));
    }

    [Fact]
    public async Task Tcp_counts_connections_by_the_client_that_a_header_names()
    {
        await using var harness = new TransportHarness(
            limits: static metrics => new TransportLimits(metrics) { MaxConnectionsPerClient = 2 });
        var server = Start(harness, ProxyPolicy.Use);
        var clients = new List<StreamClient>();
        for (byte index = 1; index <= 4; index++)
        {
            var client = await StreamClient.ConnectAsync(server, _token);
            clients.Add(client);
            var header = ProxyHeaderTests.Naming(new IPEndPoint(new IPAddress([192, 0, 2, index]), 7));
            await client.SendOctetsAsync([.. header, .. Framed(index)], _token);
            Assert.Equal($"192.0.2.{index}", AddressIn(await client.ReceiveAsync(_token)));
        }

        Assert.Equal(4, harness.Limits.Connections.Count);
        clients.ForEach(static client => client.Dispose());
    }

    [Theory]
    [InlineData(ProxyPolicy.Use, "192.0.2.7")]
    [InlineData(ProxyPolicy.Ignore, "127.0.0.1")]
    [InlineData(ProxyPolicy.Reject, null)]
    public async Task Grpc_follows_the_policy(object policy, string? expected)
    {
        await using var harness = new TransportHarness();
        var server = Start(harness, (ProxyPolicy)policy, TransportScheme.Grpc);
        using var channel = GrpcChannel.ForAddress($"http://{server}", new GrpcChannelOptions { HttpHandler = WithHeader() });
        var asking = channel.CreateCallInvoker().AsyncUnaryCall(
            DnsPacket.Query, null, new CallOptions(cancellationToken: _token), new DnsPacket(Query(1)));

        var reply = expected is null ? null : await asking.ResponseAsync;

        Assert.Equal(expected, reply is null ? null : AddressIn(WireMessage.Decode(reply.Message.ToArray())));
        if (expected is null)
        {
            await Assert.ThrowsAsync<RpcException>(() => asking.ResponseAsync);
        }
    }

    [Fact]
    public async Task Https_sees_the_client_that_a_header_names()
    {
        await using var harness = new TransportHarness();
        var server = Start(harness, ProxyPolicy.Use, TransportScheme.Https);
        using var http = new HttpClient(WithHeader());

        using var body = new ByteArrayContent(Query(1));
        using var response = await http.PostAsync(new Uri($"http://{server}/dns-query"), body, _token);

        Assert.Equal("192.0.2.7", AddressIn(WireMessage.Decode(await response.Content.ReadAsByteArrayAsync(_token))));
    }

    // The header stands in front of the handshake, in the clear.
    [Theory]
    [InlineData(ProxyPolicy.Use, true, "192.0.2.7")]
    [InlineData(ProxyPolicy.Use, false, "127.0.0.1")]
    [InlineData(ProxyPolicy.Ignore, true, "127.0.0.1")]
    [InlineData(ProxyPolicy.Reject, true, null)]
    [InlineData(ProxyPolicy.Skip, true, null)]
    public async Task Tls_follows_the_policy(object policy, bool hasHeader, string? expected)
    {
        await using var harness = new TransportHarness();
        var server = Start(harness, (ProxyPolicy)policy, TransportScheme.Tls, WithCertificate());
        using var plain = await StreamClient.ConnectAsync(server, _token);
        await plain.SendOctetsAsync(hasHeader ? Header : [], _token);

        if (expected is null)
        {
            // How the end of the connection is seen depends on when it comes.
            var ended = await Record.ExceptionAsync(() => plain.EncryptAsync(_certificate, _token));
            Assert.True(ended is IOException or AuthenticationException, $"{ended}");
            return;
        }

        using var client = await plain.EncryptAsync(_certificate, _token);
        await client.SendAsync(_token, Query(1), Query(2));
        Assert.Equal(expected, AddressIn(await client.ReceiveAsync(_token)));
        Assert.Equal(expected, AddressIn(await client.ReceiveAsync(_token)));
    }

    [Theory]
    [InlineData(ProxyPolicy.Use, 1, "192.0.2.7")]
    [InlineData(ProxyPolicy.Use, 2, "192.0.2.7")]
    [InlineData(ProxyPolicy.Ignore, 2, "127.0.0.1")]
    [InlineData(ProxyPolicy.Reject, 2, null)]
    public async Task Encrypted_https_follows_the_policy(object policy, int version, string? expected)
    {
        await using var harness = new TransportHarness();
        var server = Start(harness, (ProxyPolicy)policy, TransportScheme.Https, WithCertificate());
        var handler = WithHeader();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null && shown.Equals(_certificate);
        using var http = new HttpClient(handler)
        {
            DefaultRequestVersion = new Version(version, version == 1 ? 1 : 0),
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var body = new ByteArrayContent(Query(1));
        var asking = http.PostAsync(new Uri($"https://{server}/dns-query"), body, _token);

        if (expected is null)
        {
            var ended = await Record.ExceptionAsync(() => asking);
            Assert.True(ended is HttpRequestException or SocketException, $"{ended}");
            return;
        }

        using var response = await asking;
        Assert.Equal(expected, AddressIn(WireMessage.Decode(await response.Content.ReadAsByteArrayAsync(_token))));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Udp_answers_the_peer_and_sees_the_client(bool isPortable)
    {
        await using var harness = new TransportHarness();
        using var client = Connect(harness, new ProxyProtoOptions(), isPortable);

        Assert.Equal("192.0.2.7", await AskAsync(client, [.. Header, .. Query(1)]));
        Assert.Equal("127.0.0.1", await AskAsync(client, Query(2)));
    }

    [Fact]
    public async Task Udp_drops_what_is_malformed_or_rejected()
    {
        await using var harness = new TransportHarness();
        using var client = Connect(harness, new ProxyProtoOptions { Default = ProxyPolicy.Reject });
        await client.SendAsync((byte[])[.. Header, .. Query(1)], _token);
        await client.SendAsync(Header.AsMemory(0, 14), _token);

        Assert.Equal("127.0.0.1", await AskAsync(client, Query(2), id: 2));
    }

    [Fact]
    public async Task Udp_remembers_the_client_of_a_peer_for_as_long_as_it_is_told()
    {
        var time = new FakeTimeProvider();
        await using var harness = new TransportHarness(time);
        using var client = Connect(harness, new ProxyProtoOptions { SessionLifetime = TimeSpan.FromSeconds(28) });

        await client.SendAsync(Header, _token);
        Assert.Equal("192.0.2.7", await AskAsync(client, Query(1)));
        time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal("192.0.2.7", await AskAsync(client, Query(2), id: 2));
        time.Advance(TimeSpan.FromSeconds(28));
        Assert.Equal("192.0.2.7", await AskAsync(client, Query(3), id: 3));
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal("127.0.0.1", await AskAsync(client, Query(4), id: 4));
    }

    [Fact]
    public void Sessions_are_bounded_and_the_one_unused_for_longest_goes_first()
    {
        var options = new ProxyProtoOptions { SessionLifetime = TimeSpan.FromMinutes(1), MaxSessions = 3 };
        var forgotten = CeilingCounter.Of(new MetricRegistry(), "proxy_sessions");
        var sessions = new ProxySessions(new FakeTimeProvider(), forgotten);
        for (ushort port = 1; port <= 3; port++)
        {
            sessions.Keep(Peer(port), Peer((ushort)(100 + port)), options);
        }

        Assert.True(sessions.TryFind(Peer(1), options, out _));
        sessions.Keep(Peer(4), Peer(104), options);

        Assert.Equal(3, sessions.Count);
        Assert.Equal(1, forgotten.Value);
        Assert.False(sessions.TryFind(Peer(2), options, out _));
        Assert.True(sessions.TryFind(Peer(1), options, out var client));
        Assert.Equal(Peer(101), client);

        static SocketEndpoint Peer(ushort port) => new(IPAddressValue.From(IPAddress.Loopback), port);
    }

    public void Dispose() => _certificate.Dispose();

    private static SocketsHttpHandler WithHeader() => new()
    {
        ConnectCallback = static async (context, cancel) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(context.DnsEndPoint, cancel);
            await socket.SendAsync(Header, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    private TlsOptions WithCertificate() => new(_certificate, [], null, ClientCertificates.None);

    private static IPEndPoint Start(
        TransportHarness harness, ProxyPolicy policy, TransportScheme scheme = TransportScheme.Dns, params object[] parts) => harness
        .Start(harness.Group(Mirror, scheme: scheme, parts: [new ProxyProtoOptions { Default = policy }, .. parts])).LocalEndPoint;

    private static Socket Connect(TransportHarness harness, ProxyProtoOptions options, bool isPortable = false)
    {
        var group = harness.Group(Mirror, parts: options);
        var server = isPortable
            ? harness.Start(UdpSocketTransport.Bind(group, 0, harness.Services, harness.Limits))
            : harness.Start(group);
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(server.LocalEndPoint);
        return socket;
    }

    private async Task<StreamClient> ConnectAsync(TransportHarness harness, ProxyPolicy policy) =>
        await StreamClient.ConnectAsync(Start(harness, policy), _token);

    private async Task<string?> AskAsync(Socket client, byte[] datagram, ushort? id = null)
    {
        await client.SendAsync(datagram, _token);
        var buffer = new byte[512];
        var length = await client.ReceiveAsync(buffer, _token);
        var reply = WireMessage.Decode(buffer[..length]);
        Assert.Equal(id ?? reply.Id, reply.Id);
        return AddressIn(reply);
    }

    private static string? AddressIn(WireMessage? reply) => reply is null ? null : new IPAddress(reply.Answer[0].Rdata).ToString();

    private static byte[] Query(ushort id) => StreamClient.Query(id, "www.test.");

    private static byte[] Framed(ushort id) => [0, (byte)Query(id).Length, .. Query(id)];
}
