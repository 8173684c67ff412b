using ClusterDns.Faults.Running;
using ClusterDns.Testing.ApiServer;

namespace ClusterDns.Faults.Faults;

internal sealed class ExpiredVersions : IFault
{
    public string Name => "relist-410";

    public string What => "the API server forgets old versions and lists anew, again and again: nothing vanishes meanwhile, deletions show";

    public bool IsQuick => true;

    public async Task RunAsync(FaultRun run)
    {
        var last = run.Options.Services - 1;
        var api = await run.StartApiAsync(Objects.Many(run.Options.Services));
        await run.StartServerAsync(run.Corefile());
        await run.UntilAsync("the cluster is known", () => run.IsRightAsync(Probe.Address($"s{last}.demo.svc.cluster.local.", Objects.AddressOf(last))));
        var load = run.StartLoad(
            500, Probe.Address(Objects.Web, "10.96.0.1"), Probe.Address($"s{last}.demo.svc.cluster.local.", Objects.AddressOf(last)));
        var longest = TimeSpan.Zero;
        for (var number = 0; number < (run.Options.IsShort ? 3 : 20); number++)
        {
            // A server that forgets at once, every time, is asked ever more seldom: this one has a moment of health between.
            await Task.Delay(1100);
            api.Compact();
            api.BreakWatches(WatchBreak.Gone);
            api.Delete("Service", "demo", $"s{number}");
            var gone = new Probe($"s{number}.demo.svc.cluster.local.", "A", static reply => reply.ResponseCode == 3);
            var took = await run.UntilAsync("what was deleted is gone", () => run.IsRightAsync(gone));
            longest = took > longest ? took : longest;
        }

        run.Recovery = longest;
        await load.MoreAsync(100);
    }
}
