using ClusterDns.Faults.Running;

namespace ClusterDns.Faults.Faults;

internal sealed class DamagedSnapshot : IFault
{
    public string Name => "damaged-snapshot";

    public string What => "the snapshot has a wrong bit and the API server is away: SERVFAIL and never a denial, then as usual";

    public bool IsQuick => true;

    public async Task RunAsync(FaultRun run)
    {
        await run.StartApiAsync(Objects.Small);
        var corefile = run.Corefile($"snapshot {run.SnapshotPath}");
        await run.TerminateAsync(await run.StartServerAsync(corefile));
        await run.StopApiAsync();
        var octets = await File.ReadAllBytesAsync(run.SnapshotPath);
        octets[octets.Length / 2] ^= 4;
        await File.WriteAllBytesAsync(run.SnapshotPath, octets);

        var server = await run.StartServerAsync(corefile);
        var known = Probe.Address(Objects.Web, "10.96.0.1");
        var load = run.StartLoad(500, new Probe(Objects.Web, "A", reply => reply.ResponseCode == 2 || known.IsRight(reply)));
        await load.MoreAsync(300);
        run.Expect(server.Output.Split("is ignored: it is damaged").Length == 2, "one line of the log says why");
        await run.StartApiAsync(Objects.Small);
        run.Recovery = await run.UntilAsync("the API server's objects are answered", () => run.IsRightAsync(known));
        await load.MoreAsync(300);
    }
}
