using ClusterDns.Faults.Running;
using ClusterDns.Testing.Processes;

namespace ClusterDns.Faults.Faults;

internal sealed class ManyReloads : IFault
{
    public string Name => "many-reloads";

    public string What => "reloads under load, some of a broken Corefile, some with another port, some with other admin addresses and sockets, half of them without API server";

    public bool IsQuick => true;

    public async Task RunAsync(FaultRun run)
    {
        await run.StartApiAsync(Objects.Small);
        var other = FreePorts.Take();
        var usual = run.Corefile();
        string[] corefiles =
        [
            usual,
            usual + $".:{other} {{\n whoami\n}}\n",
            usual + "bogus {\n nonsense\n}\n",
            run.Corefile(more: "loadbalance\n multisocket 3"),
            usual.Replace("prometheus 127.0.0.1:", "prometheus :", StringComparison.Ordinal),
            usual + $".:{other} {{\n bind 192.0.2.77\n whoami\n}}\n",
        ];
        var server = await run.StartServerAsync(usual);
        var load = run.StartLoad(
            500,
            Probe.Address(Objects.Web, "10.96.0.1"),
            Probe.Address(Objects.Database, "10.1.0.1"),
            Probe.Address(Objects.Web, "10.96.0.1") with { OverTcp = true });
        var refused = 0;
        for (var number = 1; number <= run.Options.Reloads; number++)
        {
            if (number == run.Options.Reloads / 2)
            {
                // What is known of the cluster must not depend on asking again.
                await run.StopApiAsync();
            }

            var broken = (number % corefiles.Length) is 2 or 5;
            refused += broken ? 1 : 0;
            await File.WriteAllTextAsync(run.CorefilePath, corefiles[number % corefiles.Length]);
            await server.SignalAsync("USR1");
            var (done, failed) = (number - refused, refused);
            await run.UntilAsync("the reload ends", () => Task.FromResult(
                Count(server, "[INFO] Reloading complete") >= done && Count(server, "[ERROR] Restart failed: ") >= failed));
        }

        run.Expect(Count(server, "[INFO] Reloading complete") == run.Options.Reloads - refused, "every good Corefile is put in force");
        await load.MoreAsync(200);
    }

    private static int Count(ServerProcess server, string line) => server.Output.Split(line).Length - 1;
}
