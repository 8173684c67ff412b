using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Plugins.Grpc;
using ClusterDns.Plugins.GrpcServer;
using ClusterDns.Protocol.Records;
using ClusterDns.Server.Transports;
using ClusterDns.Testing;
using ClusterDns.Testing.Transports;
using ClusterDns.Testing.Wire;
using Grpc.Core;
using Grpc.Net.Client;
using Xunit;

namespace ClusterDns.UnitTests.Transports;

/// <summary>DNS over gRPC, asked by the library's client and by requests made by hand.</summary>
public sealed class GrpcTransportTests : IAsyncDisposable
{
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;
    private readonly TransportHarness _harness = new();
    private readonly List<IDisposable> _clients = [];

    [Fact]
    public async Task Query_is_answered_with_its_client_and_transport_known()
    {
        QueryContext? seen = null;
        var client = Start(new FakeHandler(query =>
        {
            seen = query;
            Assert.Equal(TransportProtocol.Grpc, query.Transport);
            Assert.Equal(IPAddressValue.From(IPAddress.Loopback), query.Client.Address);
            return TransportHarness.Address.HandleAsync(query);
        }));

        var reply = WireMessage.Decode((await AskAsync(client, StreamClient.Query(7, "www.test."))).Message.ToArray());

        Assert.NotNull(seen);
        Assert.Equal(7, reply.Id);
        Assert.Equal([192, 0, 2, 1], reply.Answer[0].Rdata);
    }

    [Fact]
    public async Task Long_answer_comes_whole()
    {
        var client = Start(new FakeHandler(static query =>
        {
            query.Response.Begin("test", authoritative: true);
            for (var index = 0; index < 200; index++)
            {
                query.Response.AddAnswer(NameRef.QueryName, RecordType.TXT, 60, [200, .. new byte[200]]);
            }
        }));

        var reply = WireMessage.Decode((await AskAsync(client, StreamClient.Query(1, "www.test."))).Message.ToArray());

        Assert.Equal(200, reply.Answer.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    [InlineData(40)]
    public async Task What_is_no_query_is_an_invalid_argument(int octets)
    {
        var client = Start(TransportHarness.Address);
        var noise = new byte[octets];
        Array.Fill(noise, (byte)0xff);

        var error = await Assert.ThrowsAsync<RpcException>(() => AskAsync(client, noise));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
    }

    [Fact]
    public async Task Dropped_query_is_unavailable()
    {
        var client = Start(new FakeHandler(static query => query.Response.Drop("test")));

        var error = await Assert.ThrowsAsync<RpcException>(() => AskAsync(client, StreamClient.Query(1, "www.test.")));

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
    }

    [Fact]
    public async Task Message_longer_than_DNS_has_is_refused()
    {
        var client = Start(TransportHarness.Address);

        var error = await Assert.ThrowsAsync<RpcException>(() => AskAsync(client, new byte[70_000]));

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.True(SpinWait.SpinUntil(() => _harness.Ceiling("grpc_message") == 1, Patience.Limit));
    }

    // The length stands before the message: it must be refused by that alone, without the octets.
    [Fact]
    public async Task Length_beyond_the_ceiling_is_refused_before_its_message_comes()
    {
        var (status, _) = await PostAsync([0, .. BigEndian(100_000_000)]);

        Assert.Equal(((int)StatusCode.ResourceExhausted).ToString(System.Globalization.CultureInfo.InvariantCulture), status);
    }

    [Fact]
    public async Task Compressed_message_is_refused()
    {
        var (status, _) = await PostAsync([1, .. BigEndian(4), 1, 2, 3, 4], "gzip");

        Assert.Equal(((int)StatusCode.Unimplemented).ToString(System.Globalization.CultureInfo.InvariantCulture), status);
    }

    [Fact]
    public async Task Connection_beyond_the_ceiling_takes_the_place_of_the_client_s_oldest()
    {
        var upstream = new TaskCompletionSource();
        var server = Listen(StreamTransportTests.Slow(upstream.Task), new GrpcServerOptions(MaxConnections: 1));
        var first = AskAsync(Client(server), StreamClient.Query(1, "slow.test."));
        Assert.True(SpinWait.SpinUntil(() => _harness.Limits.QueriesInFlight == 1, Patience.Limit));

        Assert.NotNull(await AskAsync(Client(server), StreamClient.Query(2, "www.test.")));

        await Assert.ThrowsAsync<RpcException>(() => first);
        Assert.Equal(1, _harness.Closed("limit"));
        upstream.SetResult();
    }

    [Fact]
    public async Task Calls_beyond_the_streams_of_a_connection_wait_for_their_turn()
    {
        var upstream = new TaskCompletionSource();
        var (inside, tooMany) = (0, false);
        var handler = new FakeHandler(async query =>
        {
            if (Interlocked.Increment(ref inside) > 2)
            {
                Volatile.Write(ref tooMany, true);
            }

            await upstream.Task;
            Interlocked.Decrement(ref inside);
            await TransportHarness.Address.HandleAsync(query);
        });

        // By itself the client opens another connection where one has no stream left.
        using var single = new SocketsHttpHandler { EnableMultipleHttp2Connections = false };
        var client = Client(Listen(handler, new GrpcServerOptions(MaxStreams: 2)), single);
        var calls = Enumerable.Range(0, 3).Select(id => AskAsync(client, StreamClient.Query((ushort)id, "www.test."))).ToArray();
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref inside) == 2, Patience.Limit));

        upstream.SetResult();
        await Task.WhenAll(calls);
        Assert.False(Volatile.Read(ref tooMany));
    }

    [Fact]
    public async Task Streams_that_a_client_opens_beyond_its_ceiling_are_counted()
    {
        var server = Listen(TransportHarness.Address, new GrpcServerOptions(MaxStreams: 2));
        using var client = new TcpClient();
        await client.ConnectAsync(server.LocalEndPoint, _token);
        await client.GetStream().WriteAsync(Http2Frames.Opening, _token);
        foreach (var stream in (int[])[1, 3, 5])
        {
            // Calls, whose messages are to come: anything else would be refused and over before the third is there.
            var call = Http2Frames.Headers(stream, "POST", "/coredns.dns.DnsService/Query", contentType: "application/grpc");
            await client.GetStream().WriteAsync(call, _token);
        }

        Assert.True(SpinWait.SpinUntil(() => _harness.Ceiling("http_streams") == 1, Patience.Limit));
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(static client => client.Dispose());
        await _harness.DisposeAsync();
    }

    private ITransport Listen(IQueryHandler handler, params object[] parts) =>
        _harness.Start(_harness.Group(handler, scheme: TransportScheme.Grpc, parts: parts));

    private CallInvoker Start(IQueryHandler handler) => Client(Listen(handler));

    private CallInvoker Client(ITransport server, HttpMessageHandler? handler = null)
    {
        var options = new GrpcChannelOptions { MaxSendMessageSize = null, HttpHandler = handler };
        var channel = GrpcChannel.ForAddress($"http://{server.LocalEndPoint}", options);
        _clients.Add(channel);
        return channel.CreateCallInvoker();
    }

    private async Task<DnsPacket> AskAsync(CallInvoker client, byte[] message) =>
        await client.AsyncUnaryCall(DnsPacket.Query, null, new CallOptions(cancellationToken: _token), new DnsPacket(message));

    // A call made by hand; its gRPC status, and its headers.
    private async Task<(string Status, HttpResponseHeaders Headers)> PostAsync(byte[] body, string? encoding = null)
    {
        var server = Listen(TransportHarness.Address);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{server.LocalEndPoint}/coredns.dns.DnsService/Query")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        if (encoding is not null)
        {
            request.Headers.Add("grpc-encoding", encoding);
        }

        using var response = await http.SendAsync(request, _token);
        await response.Content.ReadAsByteArrayAsync(_token);
        var headers = response.Headers.Contains("grpc-status") ? response.Headers : response.TrailingHeaders;
        return (headers.GetValues("grpc-status").Single(), headers);
    }

    private static byte[] BigEndian(uint value)
    {
        var octets = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(octets, value);
        return octets;
    }
}
