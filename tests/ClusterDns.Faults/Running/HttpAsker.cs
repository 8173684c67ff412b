using System.Net.Http.Headers;

namespace ClusterDns.Faults.Running;

/// <summary>Asks over HTTPS (RFC 8484) or gRPC, on connections that are kept for a while.</summary>
internal sealed class HttpAsker(Uri address, Version version)
{
    // A flag, a length of four octets, the field's tag.
    private const int GrpcHead = 6;

    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        // Shorter than the server keeps them.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(1),
        SslOptions = TestTls.Options(),
    });

    /// <summary>The message is wrapped as CoreDNS's gRPC service has it.</summary>
    public bool IsGrpc { get; init; }

    public async Task<byte[]> AskAsync(byte[] query, CancellationToken limit)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(IsGrpc ? [0, 0, 0, 0, (byte)(query.Length + 2), 10, (byte)query.Length, .. query] : query),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(IsGrpc ? "application/grpc" : "application/dns-message");
        if (IsGrpc)
        {
            request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        }

        using var response = await _client.SendAsync(request, limit);
        var body = await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(limit);

        // An answer of the fault is short: its length has one octet.
        return IsGrpc ? body[(GrpcHead + 1)..] : body;
    }
}
