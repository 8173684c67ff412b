using System.Buffers.Binary;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;
using ClusterDns.Plugins.Backends;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Etcd;

/// <summary>Answers from services that are kept in etcd in the form of SkyDNS; etcd is asked for each query.</summary>
internal sealed class EtcdPlugin(IQueryHandler next, EtcdOptions options, EtcdRecords records, ServerServices services) : IPlugin
{
    // Queries that wait for etcd at once; more of them mean that it is too slow for all.
    private const int MaxWaiting = 1000;

    private const uint SoaTtl = 30;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly Counter _refused = CeilingCounter.Of(services.Metrics, "etcd_waiting");
    private int _waiting;

    public static string Name => "etcd";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block) => EtcdDirective.Configure(directives, block);

    public ValueTask HandleAsync(QueryContext query)
    {
        if (options.Zones.Find(query.LowerName) is not { } zone)
        {
            return next.HandleAsync(query);
        }

        if (query.Type is RecordType.SOA)
        {
            // Whatever the name.
            query.Response.Begin(Name, authoritative: true);
            query.Reason = new Reason(ReasonCode.ZoneData, zone);
            AddSoa(query, query.Response.Answer, zone);
            return ValueTask.CompletedTask;
        }

        if (!query.MayWait)
        {
            query.DropForWaiting(Name);
            return ValueTask.CompletedTask;
        }

        if (Interlocked.Increment(ref _waiting) > MaxWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            _refused.Increment(query.Worker);
            Fail(query, zone, new Reason(ReasonCode.TooManyQueries), "too many queries wait for etcd");
            return ValueTask.CompletedTask;
        }

        return AnswerAsync(query, zone);
    }

    private async ValueTask AnswerAsync(QueryContext query, DnsName zone)
    {
        bool isFound;
        try
        {
            using var timeout = new CancellationTokenSource(Timeout, services.Time);
            var lookup = new EtcdLookup(records, services.Resolver, query, zone, timeout.Token);
            isFound = await lookup.RunAsync();
            if (isFound)
            {
                Write(query, zone, lookup);
            }
        }
        catch (Exception exception) when (BackendHttp.IsFailure(exception))
        {
            var code = exception is OperationCanceledException ? ReasonCode.UpstreamTimeout : ReasonCode.UpstreamUnreachable;
            var text = exception is OperationCanceledException ? "no answer from etcd in time" : BackendHttp.Excerpt(exception.Message);
            Fail(query, zone, new Reason(code, "etcd"), text);
            return;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        if (isFound)
        {
            return;
        }

        if (options.Fallthrough.Contains(query.LowerName))
        {
            await next.HandleAsync(query);
            return;
        }

        // The apex exists, as it has a SOA (RFC 8020 §2).
        var isApex = query.LowerName.Equals(zone.Span);
        query.Reason = new Reason(isApex ? ReasonCode.NoSuchType : ReasonCode.NoSuchName, zone);
        query.Response.Begin(Name, authoritative: true, isApex ? ResponseCode.NoError : ResponseCode.NXDomain);
        AddSoa(query, query.Response.Authority, zone);
    }

    private void Write(QueryContext query, DnsName zone, EtcdLookup lookup)
    {
        var response = query.Response;
        response.Begin(Name, authoritative: true);
        response.IsTruncated |= lookup.IsTruncated;
        query.Reason = new Reason(lookup.Answer.Count > 0 ? ReasonCode.ZoneData : ReasonCode.NoSuchType, zone);
        if (lookup.Answer.Count == 0)
        {
            AddSoa(query, response.Authority, zone);
            return;
        }

        Add(query, response.Answer, lookup.Answer);
        Add(query, response.Additional, lookup.Additional);
    }

    private static void Add(QueryContext query, ResponseSection section, List<ResourceRecord> found)
    {
        foreach (var record in found)
        {
            var owner = record.Owner.Span.SequenceEqual(query.Name) ? NameRef.QueryName : NameRef.FromName(record.Owner);
            section.Add(new ResponseRecord(owner, record.Type, record.Class, record.Ttl, record.Rdata, 0, record.Rdata.Length));
        }
    }

    private void Fail(QueryContext query, DnsName zone, Reason reason, string error)
    {
        query.Reason = reason;
        query.Response.Begin(Name, authoritative: true, ResponseCode.ServFail);
        query.Response.Error = error;
        AddSoa(query, query.Response.Authority, zone);
    }

    private void AddSoa(QueryContext query, ResponseSection section, DnsName zone)
    {
        // ns.dns.ZONE hostmaster.ZONE serial refresh retry expire minimum
        var response = query.Response;
        ReadOnlySpan<byte> server = "\u0002ns\u0003dns"u8;
        ReadOnlySpan<byte> mailbox = "\u000ahostmaster"u8;
        var names = server.Length + mailbox.Length + (2 * zone.Wire.Length);
        if (server.Length + zone.Wire.Length > NameSpan.MaxLength || mailbox.Length + zone.Wire.Length > NameSpan.MaxLength)
        {
            return;
        }

        var rdata = response.Reserve(names + 20, out var buffer, out var offset);
        server.CopyTo(rdata);
        zone.Wire.CopyTo(rdata[server.Length..]);
        mailbox.CopyTo(rdata[(server.Length + zone.Wire.Length)..]);
        zone.Wire.CopyTo(rdata[(names - zone.Wire.Length)..]);
        var numbers = rdata[names..];
        BinaryPrimitives.WriteUInt32BigEndian(numbers, (uint)services.Time.GetUtcNow().ToUnixTimeSeconds());
        BinaryPrimitives.WriteUInt32BigEndian(numbers[4..], 7200);
        BinaryPrimitives.WriteUInt32BigEndian(numbers[8..], 1800);
        BinaryPrimitives.WriteUInt32BigEndian(numbers[12..], 86_400);
        BinaryPrimitives.WriteUInt32BigEndian(numbers[16..], SoaTtl);
        section.Add(new ResponseRecord(zone, RecordType.SOA, RecordClass.IN, SoaTtl, buffer, offset, names + 20));
    }
}
