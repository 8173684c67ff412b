using ClusterDns.Faults.Running;

namespace ClusterDns.Faults.Faults;

internal sealed class VanishedUpstream : IFault
{
    public string Name => "vanished-upstream";

    public string What => "one of two upstreams falls silent, then comes back: no answer is lost, and hardly any is late";

    public bool IsQuick => true;

    public async Task RunAsync(FaultRun run)
    {
        var silent = false;
        await using var first = new RogueUpstream((upstream, query, client) =>
            Volatile.Read(ref silent) ? Task.CompletedTask : upstream.SendAsync(RogueUpstream.Answer(query, "10.0.0.1"), client));
        await using var second = new RogueUpstream(static (upstream, query, client) =>
            upstream.SendAsync(RogueUpstream.Answer(query, "10.0.0.1"), client));
        await run.StartServerAsync($".:{run.Port} {{\n errors\n forward . 127.0.0.1:{first.Port} 127.0.0.1:{second.Port}\n}}\n");
        var load = run.StartLoad(500, [.. Enumerable.Range(0, 50).Select(static n => Probe.Address($"n{n}.example.com.", "10.0.0.1"))]);
        await load.MoreAsync(200);
        Volatile.Write(ref silent, true);
        await load.MoreAsync(run.Options.IsShort ? 500 : 5000);
        Volatile.Write(ref silent, false);
        var before = first.Queries;

        // More than a probe or two: clients' queries go there again.
        run.Recovery = await run.UntilAsync("the upstream is asked again", () => Task.FromResult(first.Queries > before + 20));
        await load.MoreAsync(200);

        // Before the upstreams end.
        await load.StopAsync();
    }
}
