using System.Net;
using System.Net.Sockets;
using ClusterDns.Faults.Running;

namespace ClusterDns.Faults.Faults;

internal sealed class Nonsense : IFault
{
    public string Name => "nonsense";

    public string What => "random octets and damaged queries over UDP and TCP: nothing crashes, and others are answered";

    public bool IsQuick => true;

    public async Task RunAsync(FaultRun run)
    {
        var server = await run.StartServerAsync($".:{run.Port} {{\n errors\n hosts {{\n 10.0.0.1 www.example.org\n }}\n}}\n");
        var load = run.StartLoad(
            500, Probe.Address("www.example.org.", "10.0.0.1"), Probe.Address("www.example.org.", "10.0.0.1") with { OverTcp = true });
        var random = new Random(7);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(IPAddress.Loopback, run.Port);
        var datagrams = run.Options.IsShort ? 2_000 : 50_000;
        for (var number = 0; number < datagrams; number++)
        {
            await socket.SendAsync(Damaged(random));
            if (number % 100 == 0)
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, run.Port);
                await client.GetStream().WriteAsync(Damaged(random));
            }
        }

        await load.MoreAsync(100);
        run.Expect(!server.HasExited, "the process lives");
    }

    private static byte[] Damaged(Random random)
    {
        byte[] octets = [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 3, 119, 119, 119, 0, 0, 1, 0, 1, 0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0];
        for (var changes = random.Next(1, 8); changes > 0; changes--)
        {
            octets[random.Next(octets.Length)] = (byte)random.Next(256);
        }

        return octets[..random.Next(1, octets.Length + 1)];
    }
}
