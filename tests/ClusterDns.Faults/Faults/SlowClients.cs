using System.Net;
using System.Net.Sockets;
using ClusterDns.Faults.Running;

namespace ClusterDns.Faults.Faults;

internal sealed class SlowClients : IFault
{
    public string Name => "slow-clients";

    public string What => "connections that send an octet now and then and never a query: others are answered, and the slow ones are closed";

    public bool IsQuick => true;

    public async Task RunAsync(FaultRun run)
    {
        await run.StartServerAsync($".:{run.Port} {{\n errors\n timeouts {{\n read 4s\n idle 5s\n }}\n hosts {{\n 10.0.0.1 www.example.org\n }}\n}}\n");
        var load = run.StartLoad(
            500, Probe.Address("www.example.org.", "10.0.0.1"), Probe.Address("www.example.org.", "10.0.0.1") with { OverTcp = true });
        using var stop = new CancellationTokenSource();
        var closed = 0;
        var clients = Enumerable.Range(0, run.Options.IsShort ? 100 : 800).Select(_ => Task.Run(async () =>
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, run.Port);
            try
            {
                // A message of 512 octets that would take four minutes.
                await client.GetStream().WriteAsync((byte[])[2, 0], stop.Token);
                while (true)
                {
                    await client.GetStream().WriteAsync((byte[])[0], stop.Token);
                    await Task.Delay(500, stop.Token);
                }
            }
            catch (Exception exception) when (exception is IOException or SocketException)
            {
                Interlocked.Increment(ref closed);
            }
            catch (OperationCanceledException)
            {
                // The fault is over.
            }
        })).ToArray();
        run.Recovery = await run.UntilAsync("every slow connection is closed", () => Task.FromResult(Volatile.Read(ref closed) == clients.Length));
        await load.MoreAsync(200);
        await stop.CancelAsync();
        await Task.WhenAll(clients);
    }
}
