using System.Net;
using System.Net.Sockets;
using ClusterDns.Faults.Running;

namespace ClusterDns.Faults.Faults;

internal sealed class IdleConnections : IFault
{
    private const int PerClient = 1000;

    public string Name => "idle-connections";

    public string What => "10,000 TCP connections (1,000 in the short form) of ten clients that say nothing: others are answered";

    public bool IsQuick => true;

    public async Task RunAsync(FaultRun run)
    {
        await run.StartServerAsync($".:{run.Port} {{\n errors\n hosts {{\n 10.0.0.1 www.example.org\n }}\n}}\n");
        var sockets = new List<Socket>();
        try
        {
            for (var number = 0; number < (run.Options.IsShort ? PerClient : 10 * PerClient); number++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                sockets.Add(socket);
                socket.Bind(new IPEndPoint(IPAddress.Parse($"127.0.1.{1 + (number / PerClient)}"), 0));
                await socket.ConnectAsync(IPAddress.Loopback, run.Port);
            }

            var load = run.StartLoad(
                500, Probe.Address("www.example.org.", "10.0.0.1"), Probe.Address("www.example.org.", "10.0.0.1") with { OverTcp = true });
            await load.MoreAsync(run.Options.IsShort ? 500 : 3000);
        }
        finally
        {
            sockets.ForEach(static socket => socket.Dispose());
        }
    }
}
