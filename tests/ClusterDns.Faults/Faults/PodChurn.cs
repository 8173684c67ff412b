using ClusterDns.Faults.Running;

namespace ClusterDns.Faults.Faults;

internal sealed class PodChurn : IFault
{
    public string Name => "pod-churn";

    public string What => "the Pods of a headless Service are replaced one by one, fast: no answer is empty, foreign or long out of date";

    public bool IsQuick => true;

    public async Task RunAsync(FaultRun run)
    {
        var api = await run.StartApiAsync(Objects.Small);
        await run.StartServerAsync(run.Corefile());
        var newest = 1;
        api.Apply(Objects.Slice("db", Address(0), Address(1)));
        await run.UntilAsync("the first two are known", () => run.IsRightAsync(new Probe(Objects.Database, "A", static reply => reply.Answer.Count == 2)));

        // Two Pods at any time; an answer may be as old as a few replacements, which are 20 ms apart.
        var load = run.StartLoad(1000, new Probe(Objects.Database, "A", reply =>
        {
            var numbers = reply.Answer.Select(static record => (record.Rdata[2] << 8) | record.Rdata[3]).Order().ToArray();
            return numbers is [var first, var second] && second == first + 1
                && second >= Volatile.Read(ref newest) - 50 && second <= Volatile.Read(ref newest) + 1;
        }));
        for (var number = 2; number < (run.Options.IsShort ? 100 : 1500); number++)
        {
            Volatile.Write(ref newest, number);
            api.Apply(Objects.Slice("db", Address(number - 1), Address(number)));
            await Task.Delay(20);
        }

        run.Recovery = await run.UntilAsync("the last ones are known", () => run.IsRightAsync(new Probe(Objects.Database, "A", reply =>
            reply.Answer.Any(record => ((record.Rdata[2] << 8) | record.Rdata[3]) == newest))));
        await load.StopAsync();
    }

    private static string Address(int number) => $"10.1.{number >> 8}.{number & 255}";
}
