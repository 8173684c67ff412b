using ClusterDns.Faults.Running;

namespace ClusterDns.Faults.Faults;

internal sealed class BadCorefile : IFault
{
    public string Name => "bad-corefile";

    public string What => "the Corefile on disk becomes nonsense under the reload directive: the running one stays, and a good one is taken up";

    public bool IsQuick => true;

    public async Task RunAsync(FaultRun run)
    {
        await run.StartApiAsync(Objects.Small);
        var corefile = run.Corefile(more: "reload 2s 0s");
        var server = await run.StartServerAsync(corefile);
        var load = run.StartLoad(500, Probe.Address(Objects.Web, "10.96.0.1"));
        await File.WriteAllTextAsync(run.CorefilePath, "kubernetes {{{\n");
        await run.UntilAsync("the fault is told", () => Task.FromResult(server.Output.Contains("Corefile parse failed", StringComparison.Ordinal)));
        await File.WriteAllTextAsync(run.CorefilePath, corefile + "nonsense.test:53000 {\n nosuch\n}\n");
        await run.UntilAsync("the other fault is told", () => Task.FromResult(server.Output.Contains("Unknown directive 'nosuch'", StringComparison.Ordinal)));
        await File.WriteAllTextAsync(run.CorefilePath, corefile.Replace("cache\n", "cache 60\n", StringComparison.Ordinal));
        run.Recovery = await run.UntilAsync("the good file is taken up", () => Task.FromResult(server.Output.Contains("Reloading complete", StringComparison.Ordinal)));
        await load.MoreAsync(200);
    }
}
