using ClusterDns.Faults.Running;
using ClusterDns.Testing.Wire;

namespace ClusterDns.Faults.Faults;

internal sealed class ForgedReplies : IFault
{
    public string Name => "forged-replies";

    public string What => "before each true reply come forged ones: wrong id, wrong port, wrong question, the query itself, half a message";

    public bool IsQuick => true;

    public async Task RunAsync(FaultRun run)
    {
        await using var upstream = new RogueUpstream(static async (upstream, query, client) =>
        {
            var forged = RogueUpstream.Answer(query, "6.6.6.6");
            await upstream.SendFromElsewhereAsync(forged, client);
            forged.Questions[0] = forged.Questions[0] with { Name = WireName.Parse("bank.example.") };
            await upstream.SendAsync(forged, client);
            await upstream.SendAsync(query, client);
            for (ushort off = 1; off <= 8; off++)
            {
                var guess = RogueUpstream.Answer(query, "6.6.6.6");
                guess.Id += off;
                await upstream.SendAsync(guess, client);
            }

            await upstream.SendAsync(RogueUpstream.Answer(query, "10.0.0.1"), client);
        });
        await run.StartServerAsync($".:{run.Port} {{\n errors\n forward . 127.0.0.1:{upstream.Port}\n}}\n");
        var load = run.StartLoad(500, [.. Enumerable.Range(0, 50).Select(static n => Probe.Address($"n{n}.example.com.", "10.0.0.1"))]);
        await load.MoreAsync(run.Options.IsShort ? 500 : 5000);

        // Before the upstreams end.
        await load.StopAsync();
    }
}
