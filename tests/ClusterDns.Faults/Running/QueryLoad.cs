using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using ClusterDns.Testing.Wire;

namespace ClusterDns.Faults.Running;

/// <summary>
/// Clients that ask one question after the other at a bounded rate, each from a socket of its own, as stub resolvers do. A
/// query is never repeated: one without an answer is lost.
/// </summary>
internal sealed class QueryLoad : IAsyncDisposable
{
    private const int Clients = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly IPEndPoint _server;
    private readonly IReadOnlyList<Probe> _probes;
    private readonly TimeSpan _pause;
    private readonly CancellationTokenSource _end = new();
    private readonly Task[] _clients;
    private int _number;
    private int _sent;
    private int _lost;
    private int _wrong;
    private volatile string? _example;

    /// <param name="perSecond">Of all clients together, at most.</param>
    public QueryLoad(int port, IReadOnlyList<Probe> probes, int perSecond)
        : this(port, probes, perSecond, Clients)
    {
    }

    private QueryLoad(int port, IReadOnlyList<Probe> probes, int perSecond, int clients)
    {
        _server = new IPEndPoint(IPAddress.Loopback, port);
        _probes = probes;
        _pause = TimeSpan.FromSeconds(Clients / (double)perSecond);
        _clients = [.. Enumerable.Range(0, clients).Select(_ => Task.Run(RunAsync))];
    }

    public int Sent => Volatile.Read(ref _sent);

    public int Lost => Volatile.Read(ref _lost);

    public int Wrong => Volatile.Read(ref _wrong);

    /// <summary>The first failure in words.</summary>
    public string? Example => _example;

    /// <summary>Asks one question: whether its answer is right.</summary>
    public static async Task<bool> IsRightAsync(int port, Probe probe)
    {
        await using var one = new QueryLoad(port, [probe], Clients, clients: 0);
        await one.AskAsync(1);
        return one is { Lost: 0, Wrong: 0 };
    }

    /// <summary>Returns when so many more queries have been sent.</summary>
    public async Task MoreAsync(int queries)
    {
        var goal = Sent + queries;
        while (Sent < goal)
        {
            await Task.Delay(5);
        }
    }

    /// <summary>Lets the queries under way end, and sends none any more.</summary>
    public async Task StopAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_clients);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _end.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(_pause);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
            {
                await AskAsync((uint)Interlocked.Increment(ref _number));
            }
        }
        catch (OperationCanceledException)
        {
            // Enough.
        }
    }

    private async Task AskAsync(uint number)
    {
        var probe = _probes[(int)(number % (uint)_probes.Count)];
        var query = new WireMessage { Id = (ushort)number, Bits = 0x0100 };
        query.Questions.Add(new WireQuestion(WireName.Parse(probe.Name), Mnemonics.TypeValue(probe.Type), Mnemonics.InternetClass));
        using var limit = new CancellationTokenSource(Patience);
        Interlocked.Increment(ref _sent);
        try
        {
            var octets = query.Encode();
            var reply = WireMessage.Decode(await (probe.Way is { } way ? way(octets, limit.Token)
                : probe.OverTcp ? AskTcpAsync(octets, limit.Token) : AskUdpAsync(probe.From, octets, limit.Token)));
            if (reply.Id != query.Id || !probe.IsRight(reply))
            {
                Interlocked.Increment(ref _wrong);
                _example ??= $"{probe.Name} {probe.Type}: code {reply.ResponseCode}, {string.Join(" | ", reply.Answer)}";
            }
        }
        catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException or WireFormatException
            or HttpRequestException or AuthenticationException)
        {
            Interlocked.Increment(ref _lost);
            _example ??= $"{probe.Name} {probe.Type}{(probe.OverTcp ? " over TCP" : "")}: {exception.Message}";
        }
    }

    private async Task<byte[]> AskUdpAsync(IPAddress from, byte[] query, CancellationToken limit)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(_server, limit);
        await socket.SendAsync(query, limit);
        var reply = new byte[4096];
        return reply[..await socket.ReceiveAsync(reply, limit)];
    }

    private async Task<byte[]> AskTcpAsync(byte[] query, CancellationToken limit)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_server, limit);
        var stream = client.GetStream();
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)query.Length);
        await stream.WriteAsync((byte[])[.. length, .. query], limit);
        await stream.ReadExactlyAsync(length, limit);
        var reply = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(reply, limit);
        return reply;
    }
}
