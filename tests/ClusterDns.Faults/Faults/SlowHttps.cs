using System.Net;
using System.Net.Security;
using System.Text;
using ClusterDns.Faults.Running;
using ClusterDns.Testing.Processes;
using ClusterDns.Testing.Transports;

namespace ClusterDns.Faults.Faults;

internal sealed class SlowHttps : SlowTransport
{
    private readonly int _port = FreePorts.Take();

    public override string Name => "slow-https";

    public override string What =>
        "connections to DNS over HTTPS (HTTP/1.1 and 2) that are slow in TLS, in headers, in bodies: others are answered, and the slow ones are closed";

    protected override string Corefile(FaultRun run) =>
        $".:{run.Port} {{\n {Block}}}\nhttps://.:{_port} {{\n tls cert.pem key.pem\n {Block}}}\n";

    protected override IReadOnlyList<SlowWay> Ways(FaultRun run)
    {
        var headers = Encoding.ASCII.GetBytes("GET /dns-query?dns=AAAA HTTP/1.1\r\nHost: test\r\nx: ");
        var body = Encoding.ASCII.GetBytes("POST /dns-query HTTP/1.1\r\nHost: test\r\nContent-Length: 500\r\n\r\n");
        byte[] request = [.. Http2Frames.Opening, .. Http2Frames.Headers(1, "POST", "/dns-query", "https")];
        return
        [
            new(_port, [], []),
            new(_port, [], SlowOctets.Handshake),
            new(_port, [], [], SslApplicationProtocol.Http11),
            new(_port, [], headers, SslApplicationProtocol.Http11),
            new(_port, headers, "a"u8.ToArray(), SslApplicationProtocol.Http11),
            new(_port, body, [0], SslApplicationProtocol.Http11),
            new(_port, [], [], SslApplicationProtocol.Http2),
            new(_port, [], Http2Frames.Opening, SslApplicationProtocol.Http2),
            new(_port, Http2Frames.Opening, [], SslApplicationProtocol.Http2),
            new(_port, Http2Frames.Opening, Http2Frames.Headers(1, "POST", "/dns-query", "https"), SslApplicationProtocol.Http2),
            new(_port, request, [], SslApplicationProtocol.Http2),
            new(_port, [.. request, .. Http2Frames.DataHead(1, 500)], [0], SslApplicationProtocol.Http2),
        ];
    }

    protected override IEnumerable<Probe> Probes(FaultRun run)
    {
        var address = new Uri($"https://127.0.0.1:{_port}/dns-query");
        var probe = Probe.Address("www.example.org.", "10.0.0.1");
        return
        [
            probe with { Way = new HttpAsker(address, HttpVersion.Version11).AskAsync },
            probe with { Way = new HttpAsker(address, HttpVersion.Version20).AskAsync },
        ];
    }
}
