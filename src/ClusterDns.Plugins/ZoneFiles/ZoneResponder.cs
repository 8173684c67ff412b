using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.ZoneFiles;

/// <summary>Answers queries from a zone, for every directive that holds zones: <c>file</c>, <c>auto</c>, <c>secondary</c>.</summary>
/// <param name="source">The directive's name.</param>
/// <param name="fallthrough">Names that go on to <paramref name="next"/> where they do not exist.</param>
/// <param name="isLast">Nothing stands behind that could know names of other zones.</param>
internal sealed class ZoneResponder(
    string source, IQueryHandler next, ZoneSet fallthrough, bool isLast, IQueryResolver resolver)
{
    public static ZoneResponder Create(string source, IQueryHandler next, ZoneSet fallthrough, BlockContext block) =>
        new(source, next, fallthrough, block.Steps is [.., var last] && last == source, block.Services.Resolver);

    /// <summary>For a name of no zone here: a server of zones refuses names of others.</summary>
    public ValueTask Pass(QueryContext query)
    {
        if (!isLast)
        {
            return next.HandleAsync(query);
        }

        query.Reason = new Reason(ReasonCode.NoZone);
        query.Response.Fail(ResponseCode.Refused, source);
        return ValueTask.CompletedTask;
    }

    /// <summary>For a name of a zone whose data is not there.</summary>
    public ValueTask FailUnready(QueryContext query)
    {
        query.Reason = new Reason(ReasonCode.NotReady);
        query.Response.Fail(
            query.Type is RecordType.AXFR or RecordType.IXFR ? ResponseCode.Refused : ResponseCode.ServFail, source);
        return ValueTask.CompletedTask;
    }

    /// <param name="version">Taken before the zone was.</param>
    public ValueTask Answer(QueryContext query, Zone zone, StateVersion version)
    {
        if (query.Type is RecordType.AXFR or RecordType.IXFR)
        {
            // Whom transfer lets have it, it has answered already.
            query.Response.Fail(ResponseCode.Refused, source);
            return ValueTask.CompletedTask;
        }

        query.Response.Begin(source, authoritative: true);
        query.Response.MadeFrom = version;
        query.Reason = new Reason(ReasonCode.ZoneData, zone.Origin);
        var sink = new ResponseSink(query);
        var answer = ZoneLookup.Find(zone, query.LowerName, query.Type, query.DnssecOk, ref sink);
        var isMissing = answer.Outcome is ZoneOutcome.NXDomain
            || (answer.Outcome is ZoneOutcome.NoData && (answer.IsEmptyNonTerminal || IsBareApex(query, zone)));
        if (isMissing && !answer.IsAliased && fallthrough.Contains(query.LowerName))
        {
            query.Response.Abandon();
            return next.HandleAsync(query);
        }

        if (isMissing && answer.IsAliased && fallthrough.Contains(answer.Last.Span))
        {
            // The target falls through as it would if it were asked for.
            query.Response.Authority.Clear();
            return ChaseAsync(query, zone, answer.Last);
        }

        return Finish(query, zone, answer);
    }

    private ValueTask Finish(QueryContext query, Zone zone, in ZoneAnswer answer)
    {
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
                // AA speaks of the first owner in the answer (RFC 1035 §4.1.1): an alias of this zone is ours to tell.
                query.Response.IsAuthoritative = answer.IsAliased;
                break;
            case ZoneOutcome.TooLong:
                // RFC 6672 §2.2
                query.Response.Code = ResponseCode.YXDomain;
                break;
            case ZoneOutcome.Loop:
                query.Response.Fail(ResponseCode.ServFail, source);
                break;
            case ZoneOutcome.OutOfZone:
                return ChaseAsync(query, zone, answer.Last);
        }

        return ValueTask.CompletedTask;
    }

    // An apex with SOA and NS alone counts as empty, as in CoreDNS.
    private static bool IsBareApex(QueryContext query, Zone zone) =>
        zone.IsApexBare && query.LowerName.SequenceEqual(zone.Origin.Span);

    // The rest of an alias's answer comes from wherever this server gets it; its response code is the answer's.
    private async ValueTask ChaseAsync(QueryContext query, Zone zone, ZoneName target)
    {
        var response = query.Response;
        var isFound = false;
        if (await resolver.ResolveAsync(query, target.Span, query.Type) is { } found)
        {
            response.Code = found.Response.Code;
            response.IsTruncated |= found.Response.IsTruncated;
            isFound = found.Response.Answer.Count > 0;
            response.CopyRecords(found.Response.Answer, response.Answer, found);
            resolver.Release(found);
        }

        AddAuthority(query, zone, isFound);
    }

    private static void AddAuthority(QueryContext query, Zone zone, bool isFound)
    {
        var sink = new ResponseSink(query);
        if (isFound)
        {
            ZoneLookup.AddApexNs(zone, query.DnssecOk, ref sink);
        }
        else
        {
            ZoneLookup.AddSoa(zone, query.DnssecOk, ref sink);
        }
    }
}
