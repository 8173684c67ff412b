using System.Buffers.Text;
using System.Net;
using ARSoft.Tools.Net.Dns;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Plugins.Tsig;
using ClusterDns.Server.Reloading;
using ClusterDns.Server.Transports;
using ClusterDns.Server.Transports.Https;
using ClusterDns.Server.Transports.Quic;
using ClusterDns.Testing.Transports;
using ClusterDns.Testing.Tsig;
using ClusterDns.Testing.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Xunit;
using TransportProtocol = ClusterDns.Core.Pipeline.TransportProtocol;

namespace ClusterDns.UnitTests.Transports;

/// <summary>TSIG on the transports that need QUIC, below QUIC: streams and HTTP requests as they come out of it.</summary>
public sealed class SignedTransportTests : IAsyncDisposable
{
    private const string Key = "key.test.";

    private static readonly byte[] Secret = "0123456789abcdef0123456789abcdef"u8.ToArray();

    private readonly CancellationToken _token = TestContext.Current.CancellationToken;
    private readonly TransportHarness _harness = new();

    public static TheoryData<TransportScheme> Schemes => [TransportScheme.Quic, TransportScheme.Https3];

    [Theory]
    [MemberData(nameof(Schemes))]
    public async Task Signed_query_is_answered_signed(TransportScheme scheme)
    {
        var (request, mac) = Sign(Secret);

        var reply = await AskAsync(scheme, request);

        Assert.Equal(ReturnCode.NoError, OtherTsig.Check(reply, mac, Secret)?.ValidationResult);
        Assert.Single(WireMessage.Decode(reply).Answer);
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public async Task Badly_signed_query_is_not_answered(TransportScheme scheme)
    {
        var (request, _) = Sign([1, 2, 3]);

        var reply = WireMessage.Decode(await AskAsync(scheme, request));

        Assert.Equal((int)ReturnCode.NotAuthoritive, reply.Bits & 0xf);
        Assert.Empty(reply.Answer);
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public async Task Query_without_a_signature_is_refused(TransportScheme scheme)
    {
        var reply = WireMessage.Decode(await AskAsync(scheme, StreamClient.Query(0, "a.test.")));

        Assert.Equal((int)ReturnCode.Refused, reply.Bits & 0xf);
        Assert.Empty(reply.Answer);
    }

    public ValueTask DisposeAsync() => _harness.DisposeAsync();

    // It checks by the real clock.
    private static (byte[] Message, byte[] Mac) Sign(byte[] secret) =>
        OtherTsig.Sign("a.test.", RecordType.A, TSigAlgorithm.Sha256, Key, secret, TimeProvider.System.GetUtcNow().UtcDateTime, id: 0);

    private Task<byte[]> AskAsync(TransportScheme scheme, byte[] request)
    {
        var group = _harness.Group(Chain(), scheme: scheme);
        return scheme is TransportScheme.Quic ? AskQuicAsync(group, request) : AskHttp3Async(group, request);
    }

    private IQueryHandler Chain()
    {
        var document = CorefileReader.ReadText(
            $".:53 {{\n    tsig {{\n        secret {Key} {Convert.ToBase64String(Secret)}\n        require all\n    }}\n}}\n", "Corefile", static _ => null);
        var block = new BlockContext(document.Blocks[0], _harness.Services);
        return TsigPlugin.Configure(block.Block.DirectivesNamed(TsigPlugin.Name), block)(TransportHarness.Address);
    }

    private async Task<byte[]> AskQuicAsync(ListenGroup group, byte[] request)
    {
        using var service = new DoqService(group, TransportOptions.From(group.Blocks), _harness.Services, _harness.Limits);
        var session = new FakeQuicSession();
        _ = service.ServeAsync(session);
        var stream = session.Open();
        await stream.AskAsync(request);
        return (await stream.ReceiveOctetsAsync(_token))!; // it was answered
    }

    private async Task<byte[]> AskHttp3Async(ListenGroup group, byte[] request)
    {
        using var body = new MemoryStream();
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(new HttpRequestFeature
        {
            Method = "GET",
            Path = "/dns-query",
            QueryString = $"?dns={Base64Url.EncodeToString(request)}",
        });
        features.Set<IHttpConnectionFeature>(new HttpConnectionFeature
        {
            RemoteIpAddress = IPAddress.Loopback,
            LocalIpAddress = IPAddress.Loopback,
        });
        features.Set<IHttpResponseFeature>(new HttpResponseFeature());
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body));
        await new HttpsApplication(new Listener(group, _harness.Limits), TransportProtocol.Https3, _harness.Services).ProcessRequestAsync(features);
        return body.ToArray();
    }

    private sealed record Listener(ListenGroup Group, TransportLimits Limits) : IHttpListener;
}
