using ClusterDns.Faults.Running;
using ClusterDns.Testing.ApiServer;

namespace ClusterDns.Faults.Faults;

internal sealed class DroppedWatches : IFault
{
    public string Name => "dropped-watches";

    public string What => "watches end in every way there is while objects change: no answer is lost, each change shows";

    public bool IsQuick => true;

    public async Task RunAsync(FaultRun run)
    {
        var api = await run.StartApiAsync(Objects.Small);
        await run.StartServerAsync(run.Corefile());
        var load = run.StartLoad(500, Probe.Address(Objects.Web, "10.96.0.1"));
        var longest = TimeSpan.Zero;
        WatchBreak[] ways = [WatchBreak.Reset, WatchBreak.EndOfStream, WatchBreak.TornLine, WatchBreak.Garbage, WatchBreak.InternalError, WatchBreak.Gone];
        for (var number = 0; number < (run.Options.IsShort ? ways.Length : 5 * ways.Length); number++)
        {
            api.BreakWatches(ways[number % ways.Length]);
            var address = Objects.AddressOf(number);
            api.Apply(Objects.Slice("db", address));
            var took = await run.UntilAsync("the change shows", () => run.IsRightAsync(Probe.Address(Objects.Database, address)));
            longest = took > longest ? took : longest;
        }

        run.Recovery = longest;
        await load.MoreAsync(100);
    }
}
