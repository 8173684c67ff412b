using System.Text;
using ClusterDns.Faults.Running;
using ClusterDns.Testing.Processes;

namespace ClusterDns.Faults.Faults;

internal sealed class SlowAdmin : SlowTransport
{
    private readonly int _healthPort = FreePorts.Take();

    public override string Name => "slow-admin";

    public override string What =>
        "connections to health, ready and metrics that say nothing or ask octet by octet: names and probes are answered, and the slow ones are closed";

    protected override string Corefile(FaultRun run) =>
        $".:{run.Port} {{\n health 127.0.0.1:{_healthPort}\n ready 127.0.0.1:{run.ReadyPort}\n prometheus 127.0.0.1:{run.MetricsPort}\n {Block}}}\n";

    protected override IReadOnlyList<SlowWay> Ways(FaultRun run)
    {
        var headers = Encoding.ASCII.GetBytes("GET /metrics HTTP/1.1\r\nHost: test\r\nx: ");
        var body = Encoding.ASCII.GetBytes("POST /metrics HTTP/1.1\r\nHost: test\r\nContent-Length: 500\r\n\r\n");
        int[] ports = [_healthPort, run.ReadyPort, run.MetricsPort];
        return
        [
            .. ports.SelectMany(port => (SlowWay[])
            [
                new(port, [], []), new(port, [], headers), new(port, headers, "a"u8.ToArray()), new(port, body, [0]),
            ]),
        ];
    }

    // The probes of a kubelet: a connection each. Their answers stand for a name's, so that they are counted with the others.
    protected override IEnumerable<Probe> Probes(FaultRun run) =>
    [
        new Probe("www.example.org.", "A", static _ => true)
        {
            Way = async (query, limit) =>
            {
                foreach (var (port, path) in ((int, string)[])[(_healthPort, "/health"), (run.ReadyPort, "/ready"), (run.MetricsPort, "/metrics")])
                {
                    using var client = new HttpClient();
                    await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}{path}"), limit);
                }

                return query;
            },
        },
    ];
}
