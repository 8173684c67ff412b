using System.Collections.Concurrent;
using ClusterDns.Testing.Wire;

namespace ClusterDns.Testing.Upstream;

/// <summary>Query in wire form to the replies in wire form: none is silence, an empty one closes the connection.</summary>
internal sealed class UpstreamAnswers(string id, IEnumerable<ZoneContents> zones)
{
    private const ushort AuthoritativeAnswer = 0x0400;
    private const ushort Refused = 5;
    private const ushort NotImplemented = 4;
    private const int OwnPayload = 8192;
    private const int ZonePayload = 1232;
    private const int SetsPerTransferMessage = 50;

    private static readonly WireName Act = WireName.Parse("act.test.");
    private static readonly ushort Axfr = Mnemonics.TypeValue("AXFR");
    private static readonly ushort Ixfr = Mnemonics.TypeValue("IXFR");
    private static readonly ushort Ns = Mnemonics.TypeValue("NS");

    private readonly ConcurrentDictionary<(WireName Name, ushort Type), int> _asked = new();
    private readonly Dictionary<WireName, ZoneContents> _zones = zones.ToDictionary(static z => z.Origin);

    public async Task<IReadOnlyList<byte[]>> AnswerAsync(byte[] octets, bool overTcp, CancellationToken stop)
    {
        if (Decode(octets) is not { } query)
        {
            return [];
        }

        WireMessage reply = Reply(query);
        if (query.Opcode != 0 || query.Questions.Count == 0)
        {
            reply.Bits |= NotImplemented;
            return [reply.Encode()];
        }

        WireQuestion question = query.Questions[0];
        int times = _asked.AddOrUpdate((question.Name, question.Type), 1, static (_, n) => n + 1);
        if (question.Name.IsSubdomainOf(Act) && !_zones.ContainsKey(Act))
        {
            byte[]? acted = await new ActScript(query, reply, id, times, overTcp).RunAsync(stop);
            return acted is null ? [] : [acted];
        }

        if (question.Type == Axfr || question.Type == Ixfr)
        {
            return Transfer(query, reply, overTcp);
        }

        if (question.Name.LabelCount == 0 && question.Type == Ns)
        {
            return [reply.Encode()];
        }

        new ZoneAnswer(_zones, reply).Fill(question);
        SetOpt(query, reply);
        return [Fitted(query, reply, overTcp)];
    }

    private static WireMessage? Decode(byte[] octets)
    {
        try
        {
            WireMessage query = WireMessage.Decode(octets);
            return (query.Bits & 0x8000) == 0 ? query : null;
        }
        catch (WireFormatException)
        {
            return null;
        }
    }

    private static WireMessage Reply(WireMessage query) => new()
    {
        Id = query.Id,
        Bits = (ushort)(0x8000 | (query.Bits & 0x7900)),
        Questions = [.. query.Questions],
        Opt = query.Opt is null ? null : new WireOpt(OwnPayload, 0, 0, 0, []),
    };

    private static void SetOpt(WireMessage query, WireMessage reply)
    {
        if (query.Opt is not null)
        {
            reply.Opt = new WireOpt(ZonePayload, 0, 0, (ushort)(query.Opt.Flags & WireOpt.DnssecOk), []);
        }
    }

    /// <summary>The reply, or its header with TC where it is larger than the client takes over UDP.</summary>
    private static byte[] Fitted(WireMessage query, WireMessage reply, bool overTcp)
    {
        byte[] whole = reply.Encode();
        int limit = overTcp ? ushort.MaxValue : Math.Max((int)(query.Opt?.Payload ?? 512), 512);
        if (whole.Length <= limit)
        {
            return whole;
        }

        reply.Answer.Clear();
        reply.Authority.Clear();
        reply.Additional.Clear();
        reply.Bits |= 0x0200;
        return reply.Encode();
    }

    private List<byte[]> Transfer(WireMessage query, WireMessage reply, bool overTcp)
    {
        if (!overTcp || !_zones.TryGetValue(query.Questions[0].Name, out ZoneContents? zone))
        {
            reply.Bits |= Refused;
            return [reply.Encode()];
        }

        List<byte[]> messages = [];
        IEnumerable<WireRecord> records = zone.All.Where(r => r != zone.Soa).Prepend(zone.Soa).Append(zone.Soa);
        foreach (WireRecord[] part in records.Chunk(SetsPerTransferMessage))
        {
            WireMessage message = Reply(query);
            message.Bits |= AuthoritativeAnswer;
            message.Answer.AddRange(part);
            messages.Add(message.Encode());
        }

        return messages;
    }
}
