using System.Diagnostics;
using ClusterDns.Faults.Running;

namespace ClusterDns.Faults.Faults;

internal sealed class RestartWithoutApi : IFault
{
    public string Name => "restart-without-api";

    public string What => "the server restarts while the API server is away: names are answered from the snapshot, then put right";

    public bool IsQuick => true;

    public async Task RunAsync(FaultRun run)
    {
        var last = run.Options.Services - 1;
        var probes = (Probe[])
        [
            Probe.Address(Objects.Web, "10.96.0.1"),
            Probe.Address(Objects.Database, "10.1.0.1"),
            Probe.Address($"s{last}.demo.svc.cluster.local.", Objects.AddressOf(last)),
        ];
        await run.StartApiAsync(Objects.Many(run.Options.Services));
        var corefile = run.Corefile($"snapshot {run.SnapshotPath}");
        var before = await run.StartServerAsync(corefile);
        await run.UntilAsync("the whole cluster is known", () => run.IsRightAsync(probes[2]));
        await run.TerminateAsync(before);
        await run.StopApiAsync();

        var begun = Stopwatch.GetTimestamp();
        run.Launch();
        await run.UntilAsync("the last Service is answered", () => run.IsRightAsync(probes[2]));
        run.Recovery = Stopwatch.GetElapsedTime(begun);
        var load = run.StartLoad(500, probes);
        await load.MoreAsync(500);
        var (status, text) = await FaultRun.GetAsync(run.ReadyPort, "/ready");
        run.Expect(status == 200 && text.Contains("stale, from a snapshot", StringComparison.Ordinal), "/ready is 200 and says that data are stale");
        await load.StopAsync();

        await run.StartApiAsync(Objects.Many(run.Options.Services / 2));
        run.Api.Delete("Service", "demo", "web");
        var gone = new Probe(Objects.Web, "A", static reply => reply.ResponseCode == 3);
        await run.UntilAsync("what was deleted is gone", () => run.IsRightAsync(gone));
        var after = run.StartLoad(500, gone, probes[1], new Probe(probes[2].Name, "A", static reply => reply.ResponseCode == 3));
        await run.UntilAsync("the snapshot is no longer used", async () => !(await FaultRun.GetAsync(run.ReadyPort, "/ready")).Text.Contains("stale", StringComparison.Ordinal));
        await after.MoreAsync(300);
    }
}
