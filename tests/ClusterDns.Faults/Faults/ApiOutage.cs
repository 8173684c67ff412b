using ClusterDns.Faults.Running;

namespace ClusterDns.Faults.Faults;

internal sealed class ApiOutage : IFault
{
    public string Name => "api-outage";

    public string What => "the API server goes away and comes back with changes: names stay, then the changes show";

    public bool IsQuick => true;

    public async Task RunAsync(FaultRun run)
    {
        await run.StartApiAsync(Objects.Small);
        await run.StartServerAsync(run.Corefile());
        var load = run.StartLoad(500, Probe.Address(Objects.Web, "10.96.0.1"), Probe.Address(Objects.Database, "10.1.0.1"));
        await load.MoreAsync(300);
        await run.StopApiAsync();
        await load.MoreAsync(run.Options.IsShort ? 500 : 5000);

        await run.StartApiAsync(Objects.Small + "\n---\n" + Objects.Service("late", "10.96.0.9"));
        var late = Probe.Address("late.demo.svc.cluster.local.", "10.96.0.9");
        run.Recovery = await run.UntilAsync("what was made during the outage is known", () => run.IsRightAsync(late));
        await load.MoreAsync(300);
    }
}
