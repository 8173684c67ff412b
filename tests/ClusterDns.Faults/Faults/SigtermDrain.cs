using System.Diagnostics;
using ClusterDns.Faults.Running;

namespace ClusterDns.Faults.Faults;

internal sealed class SigtermDrain : IFault
{
    public string Name => "sigterm-drain";

    public string What => "clients go on asking for a second after SIGTERM: all are answered, and the process ends soon after the last";

    public bool IsQuick => true;

    public async Task RunAsync(FaultRun run)
    {
        await run.StartApiAsync(Objects.Small);
        var server = await run.StartServerAsync(run.Corefile());
        var load = run.StartLoad(500, Probe.Address(Objects.Web, "10.96.0.1"), Probe.Address(Objects.Web, "10.96.0.1") with { OverTcp = true });
        await load.MoreAsync(200);
        run.NotePeak(server);
        await server.SignalAsync("TERM");
        await run.UntilAsync("/ready falls", async () => (await FaultRun.GetAsync(run.ReadyPort, "/ready")).Status == 503);
        await load.MoreAsync(500);
        await load.StopAsync();
        var stopped = Stopwatch.GetTimestamp();
        run.Expect(await server.WaitForExitAsync(run.Options.Patience), "the process ends");
        run.Recovery = Stopwatch.GetElapsedTime(stopped);
        run.Expect(server.ExitCode == 0, "the process ends with 0");
    }
}
