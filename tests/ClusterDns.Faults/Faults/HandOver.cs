using ClusterDns.Faults.Running;

namespace ClusterDns.Faults.Faults;

internal sealed class HandOver : IFault
{
    public string Name => "hand-over";

    public string What => "a new process takes the address over from the old one on the same host: no query is lost";

    public bool IsQuick => true;

    public async Task RunAsync(FaultRun run)
    {
        await run.StartApiAsync(Objects.Small);

        // Clients never pause here, so the old process leaves at the bound of its drain.
        var corefile = run.Corefile(more: $"health 127.0.0.1:{Testing.Processes.FreePorts.Take()} {{\n drain 500ms\n }}");
        var server = await run.StartServerAsync(corefile);
        var load = run.StartLoad(
            1000, Probe.Address(Objects.Web, "10.96.0.1"), Probe.Address(Objects.Database, "10.1.0.1"), Probe.Address(Objects.Web, "10.96.0.1") with { OverTcp = true });
        for (var number = 0; number < run.Options.HandOvers; number++)
        {
            var next = await run.StartServerAsync(corefile);
            await run.TerminateAsync(server);
            server = next;
        }

        await load.MoreAsync(200);
    }
}
