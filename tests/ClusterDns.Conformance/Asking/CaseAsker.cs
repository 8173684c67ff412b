using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using ClusterDns.Conformance.Cases;
using ClusterDns.Conformance.Comparing;
using ClusterDns.Testing.Processes;

namespace ClusterDns.Conformance.Asking;

/// <summary>Does what a case says and gives the reply in the form of the recordings, not yet masked.</summary>
/// <param name="environment">The variables of the server, with every port.</param>
/// <param name="folder">The copy of the scenario's folder that the server runs in.</param>
/// <param name="server">The process that signals go to.</param>
internal sealed class CaseAsker(IReadOnlyDictionary<string, string> environment, string folder, ServerProcess server)
{
    private const int StandardTimeout = 3000;
    private const int MeanwhileId = 65001;
    private const int Ids = 65000;

    private static readonly TimeSpan MeanwhileLead = TimeSpan.FromMilliseconds(200);

    public async Task<JsonObject> AskAsync(ConformanceCase c)
    {
        await Task.Delay(c.Milliseconds("wait_ms", 0));
        return c.Has("times") ? await TallyAsync(c) : await OnceAsync(c, 1 + c.Index % Ids);
    }

    private async Task<JsonObject> OnceAsync(ConformanceCase c, int id)
    {
        if (c.Has("write") || c.Has("remove") || c.Has("signal"))
        {
            await StepAsync(c);
            return new JsonObject { ["done"] = 1 };
        }

        int port = int.Parse(environment[c.Text("port") ?? "PORT"]);
        if (c.Has("http"))
        {
            return await HttpExchange.GetAsync(c, port);
        }

        try
        {
            return c.Has("stream") ? await StreamExchange.RunAsync(c, port) : await QueryAsync(c, id, port);
        }
        catch (OperationCanceledException)
        {
            return None("no answer");
        }
        catch (EndOfStreamException)
        {
            return None("closed");
        }
        catch (Exception e) when (e is SocketException or IOException { InnerException: SocketException })
        {
            SocketException? inner = e as SocketException ?? e.InnerException as SocketException;
            return None(inner?.SocketErrorCode switch
            {
                SocketError.ConnectionRefused => "ConnectionRefusedError",
                SocketError.ConnectionReset => "ConnectionResetError",
                SocketError.Shutdown => "BrokenPipeError",
                var other => $"{other}",
            });
        }
    }

    private static async Task<JsonObject> QueryAsync(ConformanceCase c, int id, int port)
    {
        byte[] query = QuestionWriter.Write(c, id);
        byte[]? mac = null;
        if (c.Json["tsig"] is JsonObject key)
        {
            (query, mac) = TsigRecord.Sign(query, new TsigKey(key));
        }

        if (c.Has("doh"))
        {
            return await DohExchange.AskAsync(c, port, query);
        }

        using Socket? meanwhile = await MeanwhileAsync(c, port);
        using CancellationTokenSource timeout = new(c.TimeToReply(StandardTimeout));
        bool overUdp = c.Text("proto") is null or "udp" && !c.Is("dot");
        byte[] reply;
        if (overUdp)
        {
            reply = await DatagramExchange.AskAsync(Server(c, port), Source(c), query, timeout.Token);
        }
        else
        {
            await using TcpExchange tcp = await TcpExchange.ConnectAsync(Server(c, port), Source(c), c.Is("dot"), timeout.Token);
            await tcp.SendAsync(query, timeout.Token);
            if (c.IsTransfer)
            {
                return await TransferExchange.ReadAsync(c, tcp, mac, timeout.Token);
            }

            reply = await tcp.ReceiveAsync(timeout.Token);
        }

        bool idFits = reply.Length < 2 || c.Is("anyid") || reply.AsSpan(0, 2).SequenceEqual(query.AsSpan(0, Math.Min(2, query.Length)));
        return idFits ? ReplyShape.Of(c, reply, mac, overUdp) : None("wrong id");
    }

    // Asked so often, the first record of the answer shows how evenly the server turns them.
    private async Task<JsonObject> TallyAsync(ConformanceCase c)
    {
        Dictionary<string, int> first = [];
        SortedSet<string> all = new(StringComparer.Ordinal);
        int times = c.Number("times", 1);
        for (int i = 0; i < times; i++)
        {
            JsonObject reply = await OnceAsync(c, (1 + c.Index + i) % Ids + 1);
            if (reply["answer"] is not JsonArray answer)
            {
                return reply;
            }

            List<string> lines = [.. answer.Select(static l => $"{l}").Where(static l => !l.Contains(" CNAME ", StringComparison.Ordinal))];
            all.UnionWith(lines);
            string leader = lines.FirstOrDefault("none");
            first[leader] = first.GetValueOrDefault(leader) + 1;
        }

        JsonObject tally = new(first.Select(static p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value)));
        return new JsonObject { ["first"] = tally, ["set"] = ReplyShape.Array(all) };
    }

    private async Task StepAsync(ConformanceCase c)
    {
        if (c.Text("write") is { } written)
        {
            // In one step, as tools do that mind their readers.
            string path = Path.Combine(folder, written);
            await File.WriteAllTextAsync(path + ".new", c.Text("text"));
            File.Move(path + ".new", path, overwrite: true);
        }
        else if (c.Text("remove") is { } removed)
        {
            File.Delete(Path.Combine(folder, removed));
        }
        else
        {
            await server.SignalAsync(c.Text("signal") ?? "");
        }
    }

    private static async Task<Socket?> MeanwhileAsync(ConformanceCase c, int port)
    {
        if (c.Json["meanwhile"] is not JsonObject question)
        {
            return null;
        }

        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await socket.SendToAsync(
            QuestionWriter.Write(new ConformanceCase(c.Index, question), MeanwhileId), new IPEndPoint(IPAddress.Loopback, port));
        await Task.Delay(MeanwhileLead);
        return socket;
    }

    private static IPAddress? Source(ConformanceCase c) => c.Text("src") is { } src ? IPAddress.Parse(src) : null;

    private static IPEndPoint Server(ConformanceCase c, int port) => Source(c) is { AddressFamily: AddressFamily.InterNetworkV6 }
        ? new IPEndPoint(IPAddress.IPv6Loopback, port)
        : new IPEndPoint(IPAddress.Parse(c.Text("dst") ?? "127.0.0.1"), port);

    private static JsonObject None(string why) => new() { ["none"] = why };
}
