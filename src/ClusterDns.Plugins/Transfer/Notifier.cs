using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Plugins.Transfer;

/// <summary>Sends NOTIFY to the secondaries at the start and when a zone changed (RFC 1996).</summary>
internal sealed partial class Notifier(TransferRule[] rules, BlockContext block)
{
    private const int MaxTries = 3;

    // Zones that are told of at once: a secondary that is silent must not hold up all the others.
    private const int MaxAtOnce = 16;
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger = block.Services.LoggerFor(TransferPlugin.Name);

    public async ValueTask RunAsync(CancellationToken end)
    {
        // A zone that changes while it is told of is told of once more; one that waits for its turn waits once.
        var changed = Channel.CreateUnbounded<DnsName>();
        var waiting = new ConcurrentDictionary<DnsName, bool>(DnsNameComparer.Instance);
        void Enqueue(DnsName zone)
        {
            if (waiting.TryAdd(zone, true))
            {
                changed.Writer.TryWrite(zone);
            }
        }

        var sources = block.FindAll<IZoneChangeSource>().ToArray();
        foreach (var source in sources)
        {
            source.ZoneChanged += Enqueue;
        }

        foreach (var zone in block.FindAll<IZoneTransferSource>().OfType<IZoneChangeSource>().Cast<IZoneTransferSource>()
            .SelectMany(static source => source.Zones.Where(zone => source.FindSerial(zone) is not null)))
        {
            Enqueue(zone);
        }

        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = MaxAtOnce, CancellationToken = end };
            await Parallel.ForEachAsync(changed.Reader.ReadAllAsync(end), options, async (zone, token) =>
            {
                waiting.TryRemove(zone, out _);
                await NotifyAllAsync(zone, token);
            });
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The plan has ended.
        }
        finally
        {
            foreach (var source in sources)
            {
                source.ZoneChanged -= Enqueue;
            }
        }
    }

    private Task NotifyAllAsync(DnsName zone, CancellationToken end) => Task.WhenAll(
        from rule in rules
        where rule.Zones.Contains(zone.Span)
        from secondary in rule.Secondaries
        select NotifyAsync(zone, secondary, rule.Source, end));

    private async Task NotifyAsync(DnsName zone, SocketEndpoint secondary, IPAddressValue? source, CancellationToken end)
    {
        var error = "";
        var wait = FirstWait;
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var began = block.Services.Time.GetTimestamp();
            try
            {
                if (await IsAnsweredAsync(zone, secondary, source, wait, end))
                {
                    return;
                }

                error = "no answer";
            }
            catch (SocketException exception)
            {
                // Nobody listens, or nothing leads there: that may pass.
                error = exception.Message;
                var left = wait - block.Services.Time.GetElapsedTime(began);
                await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, block.Services.Time, end);
            }

            wait *= 2;
        }

        LogFailed(zone, secondary, error);
    }

    // A socket for each try: the port is as hard to guess as the ID.
    private async Task<bool> IsAnsweredAsync(
        DnsName zone, SocketEndpoint secondary, IPAddressValue? source, TimeSpan limit, CancellationToken end)
    {
        var target = new IPEndPoint(secondary.Address.ToIPAddress(), secondary.Port);
        using var socket = new Socket(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        if (source is { } from)
        {
            socket.Bind(new IPEndPoint(from.ToIPAddress(), 0));
        }

        await socket.ConnectAsync(target, end);
        var id = (ushort)block.Services.Random.NextUInt32();
        await socket.SendAsync(Message(zone, id), SocketFlags.None, end);
        using var wait = new CancellationTokenSource(limit, block.Services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(wait.Token, end);
        var reply = new byte[512];
        try
        {
            while (true)
            {
                var length = await socket.ReceiveAsync(reply, SocketFlags.None, either.Token);
                if (MessageHeader.TryRead(reply.AsSpan(0, length), out var header)
                    && header is { IsResponse: true, OpCode: OpCode.Notify } && header.Id == id)
                {
                    return true;
                }
            }
        }
        catch (OperationCanceledException) when (!end.IsCancellationRequested)
        {
            return false;
        }
    }

    private static byte[] Message(DnsName zone, ushort id)
    {
        var message = new byte[MessageHeader.Size + zone.Wire.Length + 4];
        var writer = new MessageWriter(message, names: null);
        writer.TryWriteQuestion(zone.Span, RecordType.SOA, RecordClass.IN);
        new MessageHeader(id, HeaderFlags.Authoritative, OpCode.Notify, ResponseCode.NoError, 1, 0, 0, 0).Write(message);
        return message;
    }

    [LoggerMessage(1611, LogLevel.Warning, "Notify for \"{Zone}\" was not accepted by {Secondary}: {Error}")]
    private partial void LogFailed(DnsName zone, SocketEndpoint secondary, string error);
}
