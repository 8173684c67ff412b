using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ClusterDns.Faults.Running;
using ClusterDns.Testing.Wire;

namespace ClusterDns.Faults.Faults;

internal sealed class RandomNames : IFault
{
    private static readonly IPAddress Other = IPAddress.Parse("127.0.0.2");

    public string Name => "random-names";

    public string What => "a client asks for up to 100,000 names a second that do not exist (10,000 in the short form): others are answered, memory stays";

    public bool IsQuick => true;

    public async Task RunAsync(FaultRun run)
    {
        await run.StartApiAsync(Objects.Small);
        await run.StartServerAsync(run.Corefile());
        var web = Probe.Address(Objects.Web, "10.96.0.1");
        await run.UntilAsync("the cluster is known", () => run.IsRightAsync(web));
        var load = run.StartLoad(200, web with { From = Other });
        var (perSecond, seconds) = run.Options.IsShort ? (10_000, 2) : (100_000, 10);
        var sent = await Task.Run(() => Flood(run.Port, perSecond, TimeSpan.FromSeconds(seconds)));
        await load.MoreAsync(100);
        await load.StopAsync();
        var (_, metrics) = await FaultRun.GetAsync(run.MetricsPort, "/metrics");
        var dropped = metrics.Split('\n').FirstOrDefault(static line => line.StartsWith("clusterdns_queries_dropped_total{reason=\"socket\"}", StringComparison.Ordinal));
        Console.WriteLine($"  {sent / seconds} names a second; dropped by the kernel: {dropped?.Split(' ')[^1]}");

        // Where the flood takes every core, the kernel drops datagrams before the server sees them, whosever they are.
        run.MayLose = run.Options.IsShort ? 0 : load.Sent / 20;
    }

    // Answers are not read: the kernel drops them when this socket's buffer is full.
    private static int Flood(int port, int perSecond, TimeSpan duration)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(IPAddress.Loopback, port);
        var query = new WireMessage { Id = 1, Bits = 0x0100 };
        query.Questions.Add(new WireQuestion(
            WireName.Parse("xxxxxxxx.demo.svc.cluster.local."), Mnemonics.TypeValue("A"), Mnemonics.InternetClass));
        var octets = query.Encode();
        var begun = Stopwatch.GetTimestamp();
        var sent = 0;
        while (Stopwatch.GetElapsedTime(begun) is var elapsed && elapsed < duration)
        {
            if (sent >= elapsed.TotalSeconds * perSecond)
            {
                Thread.Yield();
                continue;
            }

            for (var (number, at) = (sent, 13); at < 21; at++, number >>= 4)
            {
                octets[at] = (byte)('a' + (number & 15));
            }

            socket.Send(octets);
            sent++;
        }

        return sent;
    }
}
