using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using ClusterDns.Conformance.Cases;
using ClusterDns.Conformance.Comparing;
using ClusterDns.Testing;

namespace ClusterDns.Conformance.Asking;

/// <summary>Octets written to a TCP connection as they are, and which replies came before it fell silent or was closed.</summary>
internal static class StreamExchange
{
    private const int StandardTimeout = 2000;

    private static readonly TimeSpan BetweenParts = TimeSpan.FromMilliseconds(200);

    public static async Task<JsonObject> RunAsync(ConformanceCase c, int port)
    {
        List<(int Id, string? ResponseCode)> replies = [];
        string end = "open";
        using CancellationTokenSource connecting = new(Patience.Limit);
        await using TcpExchange tcp = await TcpExchange.ConnectAsync(
            new IPEndPoint(IPAddress.Loopback, port), null, tls: false, connecting.Token);
        try
        {
            await WritePartsAsync(c, tcp);
            int recorded = (c.Reply["replies"] as JsonArray)?.Count ?? 0;
            while (true)
            {
                // Silence tells something only behind the last reply that is to come.
                using CancellationTokenSource silence = new(
                    replies.Count < recorded ? Patience.Limit / 3 : c.Milliseconds("timeout_ms", StandardTimeout));
                byte[] reply = await tcp.ReceiveAsync(silence.Token);
                int id = reply.Length < 2 ? -1 : BinaryPrimitives.ReadUInt16BigEndian(reply);
                replies.Add((id, ReplyShape.Header(reply)["rcode"]?.ToString()));
            }
        }
        catch (OperationCanceledException)
        {
            // Silence: the connection stays open.
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            end = "closed";
        }

        IEnumerable<(int Id, string? ResponseCode)> shown = c.Is("anyorder") ? replies.Order() : replies;
        return new JsonObject
        {
            ["replies"] = new JsonArray([.. shown.Select(static r => new JsonArray(r.Id, r.ResponseCode))]),
            ["end"] = end,
        };
    }

    private static async Task WritePartsAsync(ConformanceCase c, TcpExchange tcp)
    {
        IEnumerable<string> parts = c.Json["stream"] is JsonArray array ? array.Select(static p => $"{p}") : [c.Text("stream") ?? ""];
        bool later = false;
        foreach (string part in parts)
        {
            await Task.Delay(later ? BetweenParts : TimeSpan.Zero);
            await tcp.WriteAsync(Convert.FromHexString(part), CancellationToken.None);
            later = true;
        }

        if (c.Is("shut"))
        {
            tcp.ShutDownSending();
        }
    }
}
