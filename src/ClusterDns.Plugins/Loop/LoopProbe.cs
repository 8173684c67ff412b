using System.Net;
using System.Net.Sockets;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Loop;

/// <summary>Asks the own server the probe's question each second until it is answered.</summary>
internal static class LoopProbe
{
    private const int MaxTries = 30;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static async ValueTask RunAsync(BlockContext block, DnsName name, Func<bool> isOver, CancellationToken end)
    {
        if (!TryFindTarget(block, out var target))
        {
            return;
        }

        var request = new byte[MessageHeader.Size + name.Wire.Length + 4];
        var answer = new byte[512];
        using var socket = new Socket(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        for (var tries = 0; tries < MaxTries && !isOver() && !end.IsCancellationRequested; tries++)
        {
            using var wait = CancellationTokenSource.CreateLinkedTokenSource(end);
            wait.CancelAfter(Pause);
            try
            {
                var id = (ushort)block.Services.Random.NextUInt32();
                Write(request, id, name);
                await socket.ConnectAsync(target, end);
                await socket.SendAsync(request, SocketFlags.None, wait.Token);
                var length = await socket.ReceiveAsync(answer, SocketFlags.None, wait.Token);
                if (MessageHeader.TryRead(answer.AsSpan(0, length), out var header) && header.IsResponse && header.Id == id)
                {
                    return;
                }
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                // No answer in time, or nobody there yet: once more.
            }
        }
    }

    /// <summary>The address that is probed as the log names it: <c>:53</c> or <c>127.0.0.1:53</c>.</summary>
    public static string ListenerOf(BlockContext block) => block.Servers is [var label, ..] ? label[(label.IndexOf("//", StringComparison.Ordinal) + 2)..] : "";

    private static bool TryFindTarget(BlockContext block, out IPEndPoint target)
    {
        var listener = ListenerOf(block);
        var text = listener.StartsWith(':') ? "127.0.0.1" + listener : listener;
        return IPEndPoint.TryParse(text, out target!) && block.Servers[0].StartsWith("dns://", StringComparison.Ordinal);
    }

    private static void Write(byte[] request, ushort id, DnsName name)
    {
        var writer = new MessageWriter(request, names: null);
        writer.TryWriteQuestion(name.Span, RecordType.HINFO, RecordClass.IN);
        new MessageHeader(id, HeaderFlags.RecursionDesired, OpCode.Query, ResponseCode.NoError, 1, 0, 0, 0).Write(request);
    }
}
