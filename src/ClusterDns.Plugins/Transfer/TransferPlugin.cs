using System.Buffers.Binary;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Transfer;

/// <summary>Hands out whole zones (RFC 5936) and tells secondaries when they change (RFC 1996).</summary>
internal sealed class TransferPlugin(IQueryHandler next, TransferRule[] rules, BlockContext block) : IPlugin
{
    // Leaves room for OPT and TSIG in a message of 65,535 octets.
    private const int MaxMessage = 63_000;

    public static string Name => "transfer";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        TransferRule[] rules = [.. directives.Select(TransferRule.Read)];
        var notifier = new Notifier(rules, block);
        block.OnServing(notifier.RunAsync);
        return next => new TransferPlugin(next, rules, block);
    }

    public ValueTask HandleAsync(QueryContext query)
    {
        if (query.Type is not (RecordType.AXFR or RecordType.IXFR) || query.OpCode is not OpCode.Query)
        {
            return next.HandleAsync(query);
        }

        if (FindRule(query.LowerName) is not { } rule)
        {
            return next.HandleAsync(query);
        }

        if (FindSource(query.LowerName, out var zone) is not { } source)
        {
            return Decline(query, rule);
        }

        // Over UDP there is no telling who asks, and no room (RFC 5936 §4.2).
        if (query.Stream is not { } stream || !rule.Allows(query.Client.Address))
        {
            query.Reason = new Reason(ReasonCode.Blocked, zone);
            query.Response.Fail(ResponseCode.Refused, Name);
            return ValueTask.CompletedTask;
        }

        return SendAsync(query, stream, source, zone);
    }

    // Only an apex can be transferred: a name below one is an error, as in CoreDNS, and any other name is not ours.
    private ValueTask Decline(QueryContext query, TransferRule rule)
    {
        foreach (var source in block.FindAll<IZoneTransferSource>())
        {
            foreach (var zone in source.Zones)
            {
                if (query.Stream is not null && rule.Allows(query.Client.Address) && query.LowerName.IsSubdomainOf(zone.Span))
                {
                    query.Response.Fail(ResponseCode.ServFail, Name, $"plugin/transfer: {query.LowerName.ToString()} is not the apex of a zone");
                    return ValueTask.CompletedTask;
                }
            }
        }

        return next.HandleAsync(query);
    }

    // The rule with the most specific zone.
    private TransferRule? FindRule(NameSpan name)
    {
        TransferRule? best = null;
        var labels = -1;
        foreach (var rule in rules)
        {
            if (rule.Zones.Find(name) is { } zone && zone.LabelCount > labels)
            {
                best = rule;
                labels = zone.LabelCount;
            }
        }

        return best;
    }

    private IZoneTransferSource? FindSource(NameSpan name, out DnsName zone)
    {
        foreach (var source in block.FindAll<IZoneTransferSource>())
        {
            foreach (var offered in source.Zones)
            {
                if (offered.Span.Equals(name) && source.FindSerial(offered) is not null)
                {
                    zone = offered;
                    return source;
                }
            }
        }

        zone = DnsName.Root;
        return null;
    }

    private static async ValueTask SendAsync(QueryContext query, IResponseStream stream, IZoneTransferSource source, DnsName zone)
    {
        var response = query.Response;
        response.Begin(Name, authoritative: true);
        query.Reason = new Reason(ReasonCode.ZoneData, zone);
        var size = 0;
        foreach (var record in Read(query, source, zone))
        {
            var length = record.Owner.Wire.Length + RecordHeader.FixedSize + record.Rdata.Length;
            if (size + length > MaxMessage)
            {
                try
                {
                    await stream.SendAsync(query);
                }
                catch (IOException)
                {
                    // The secondary is gone, and nobody else waits for the rest.
                    response.Drop(Name);
                    return;
                }

                response.Begin(Name, authoritative: true);
                size = 0;
            }

            size += length;
            response.Answer.Add(new ResponseRecord(
                record.Owner, record.Type, record.Class, record.Ttl, record.Rdata, 0, record.Rdata.Length));
        }
    }

    // The changes where the secondary asks for them and they are known; else all there is (RFC 1995 §2 and §4).
    private static IEnumerable<ResourceRecord> Read(QueryContext query, IZoneTransferSource source, DnsName zone)
    {
        if (query.Type is not RecordType.IXFR || !TryReadSerial(query, out var known))
        {
            return source.ReadRecords(zone);
        }

        if (source.ReadChanges(zone, known) is { } changes)
        {
            return changes;
        }

        var isUpToDate = source.FindSerial(zone) is { } serial && SerialNumber.Compare(serial, known) <= 0;
        return isUpToDate ? source.ReadRecords(zone).Take(1) : source.ReadRecords(zone);
    }

    // The serial of the SOA in the authority section (RFC 1995 §3).
    private static bool TryReadSerial(QueryContext query, out uint serial)
    {
        serial = 0;
        Span<byte> name = stackalloc byte[NameSpan.MaxLength];
        Span<byte> rdata = stackalloc byte[1024];
        var reader = new MessageReader(query.Message);
        if (!reader.TryReadHeader(out var header) || header.Authorities == 0 || header.Answers > 0
            || !reader.TryReadQuestion(name, out _, out _, out _)
            || !reader.TryReadRecord(name, out _, out var record)
            || record.Type is not RecordType.SOA || record.RdataLength > 512
            || RdataCodec.Unpack(query.Message, record, rdata, out var length) != WireError.None)
        {
            return false;
        }

        serial = BinaryPrimitives.ReadUInt32BigEndian(rdata[(length - 20)..]);
        return true;
    }
}
