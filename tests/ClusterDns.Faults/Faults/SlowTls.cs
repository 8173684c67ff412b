using System.Net.Security;
using ClusterDns.Faults.Running;
using ClusterDns.Testing.Processes;

namespace ClusterDns.Faults.Faults;

internal sealed class SlowTls : SlowTransport
{
    private readonly int _port = FreePorts.Take();

    public override string Name => "slow-tls";

    public override string What =>
        "connections to DNS over TLS that say nothing, shake hands or ask octet by octet: others are answered, and the slow ones are closed";

    protected override string Corefile(FaultRun run) =>
        $".:{run.Port} {{\n {Block}}}\ntls://.:{_port} {{\n tls cert.pem key.pem\n {Block}}}\n";

    protected override IReadOnlyList<SlowWay> Ways(FaultRun run)
    {
        var dot = new SslApplicationProtocol("dot");
        return
        [
            new(_port, [], []),
            new(_port, [], SlowOctets.Handshake),
            new(_port, [], [], dot),
            new(_port, [2, 0], [0], dot),
        ];
    }

    protected override IEnumerable<Probe> Probes(FaultRun run) =>
        [Probe.Address("www.example.org.", "10.0.0.1") with { Way = new TlsClient(_port).AskAsync }];
}
