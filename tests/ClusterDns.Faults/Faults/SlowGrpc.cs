using System.Net;
using ClusterDns.Faults.Running;
using ClusterDns.Testing.Processes;
using ClusterDns.Testing.Transports;

namespace ClusterDns.Faults.Faults;

internal sealed class SlowGrpc : SlowTransport
{
    private const string Method = "/coredns.dns.DnsService/Query";

    private readonly int _port = FreePorts.Take();

    public override string Name => "slow-grpc";

    public override string What =>
        "connections to DNS over gRPC that are slow in their preface, in headers, in messages: others are answered, and the slow ones are closed";

    protected override string Corefile(FaultRun run) => $".:{run.Port} {{\n {Block}}}\ngrpc://.:{_port} {{\n {Block}}}\n";

    protected override IReadOnlyList<SlowWay> Ways(FaultRun run)
    {
        byte[] call = [.. Http2Frames.Opening, .. Http2Frames.Headers(1, "POST", Method, "http", "application/grpc")];
        return
        [
            new(_port, [], []),
            new(_port, [], Http2Frames.Opening),
            new(_port, Http2Frames.Opening, []),
            new(_port, Http2Frames.Opening, Http2Frames.Headers(1, "POST", Method, "http", "application/grpc")),
            new(_port, call, []),
            new(_port, [.. call, .. Http2Frames.DataHead(1, 500)], [0]),
        ];
    }

    protected override IEnumerable<Probe> Probes(FaultRun run) =>
    [
        Probe.Address("www.example.org.", "10.0.0.1") with
        {
            Way = new HttpAsker(new Uri($"http://127.0.0.1:{_port}{Method}"), HttpVersion.Version20) { IsGrpc = true }.AskAsync,
        },
    ];
}
