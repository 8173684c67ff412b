using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.ZoneFiles;

/// <summary>Answers from a zone file.</summary>
internal sealed class FilePlugin(IQueryHandler next, FileZones zones, FileOptions options, IQueryResolver resolver) : IPlugin
{
    public static string Name => "file";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        var all = directives.Select(directive =>
        {
            var options = FileOptions.Read(directive);
            var zones = new FileZones(options, block);
            block.Export(zones);
            return (options, zones);
        }).ToArray();

        // Several files in a block: the first one whose zone holds the name answers.
        return next =>
        {
            foreach (var (options, zones) in all.Reverse())
            {
                next = new FilePlugin(next, zones, options, block.Services.Resolver);
            }

            return next;
        };
    }

    public ValueTask HandleAsync(QueryContext query)
    {
        if (options.Zones.Find(query.LowerName) is not { } origin)
        {
            return next.HandleAsync(query);
        }

        if (zones.Find(origin) is not { } zone)
        {
            query.Reason = new Reason(ReasonCode.NotReady, origin);
            query.Response.Fail(ResponseCode.ServFail, Name);
            return ValueTask.CompletedTask;
        }

        if (query.Type is RecordType.AXFR or RecordType.IXFR)
        {
            query.Response.Fail(ResponseCode.Refused, Name);
            return ValueTask.CompletedTask;
        }

        return Answer(query, zone);
    }

    private ValueTask Answer(QueryContext query, Zone zone)
    {
        query.Response.Begin(Name, authoritative: true);
        query.Reason = new Reason(ReasonCode.ZoneData, zone.Origin);
        var sink = new ResponseSink(query);
        var answer = ZoneLookup.Find(zone, query.LowerName, query.Type, query.DnssecOk, ref sink);
        var isMissing = answer.Outcome is ZoneOutcome.NXDomain || answer is { Outcome: ZoneOutcome.NoData, IsEmptyNonTerminal: true };
        if (isMissing && !answer.IsAliased && options.Fallthrough.Contains(query.LowerName))
        {
            query.Response.Abandon();
            return next.HandleAsync(query);
        }

        switch (answer.Outcome)
        {
            case ZoneOutcome.NXDomain:
                query.Reason = new Reason(ReasonCode.NoSuchName, zone.Origin);
                query.Response.Code = ResponseCode.NXDomain;
                break;
            case ZoneOutcome.NoData:
                query.Reason = new Reason(ReasonCode.NoSuchType, zone.Origin);
                break;
            case ZoneOutcome.Referral:
                query.Response.IsAuthoritative = false;
                break;
            case ZoneOutcome.TooLong:
                // RFC 6672 §2.2
                query.Response.Code = ResponseCode.YXDomain;
                break;
            case ZoneOutcome.Loop:
                query.Response.Fail(ResponseCode.ServFail, Name);
                break;
            case ZoneOutcome.OutOfZone:
                return ChaseAsync(query, zone, answer.Last);
        }

        return ValueTask.CompletedTask;
    }

    // The rest of an alias's answer comes from wherever this server gets it; its response code is the answer's.
    private async ValueTask ChaseAsync(QueryContext query, Zone zone, ZoneName target)
    {
        var response = query.Response;
        if (await resolver.ResolveAsync(query, target.Span, query.Type) is { } found)
        {
            response.Code = found.Response.Code;
            response.IsTruncated |= found.Response.IsTruncated;
            response.CopyRecords(found.Response.Answer, response.Answer, found);
            resolver.Release(found);
        }

        AddApexNs(query, zone);
    }

    private static void AddApexNs(QueryContext query, Zone zone)
    {
        var sink = new ResponseSink(query);
        ZoneLookup.AddApexNs(zone, query.DnssecOk, ref sink);
    }
}
