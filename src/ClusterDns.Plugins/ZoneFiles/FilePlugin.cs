using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.ZoneFiles;

/// <summary>Answers from a zone file.</summary>
/// <param name="isLast">Nothing stands behind that could know names of other zones.</param>
internal sealed class FilePlugin(
    IQueryHandler next, FileZones[] files, ZoneSet fallthrough, bool isLast, IQueryResolver resolver) : IPlugin
{
    // Every zone of the block's files: the longest one that holds the name answers.
    private readonly ZoneTable<FileZones> _files = new(
        files.SelectMany(static file => file.Zones.Select(zone => KeyValuePair.Create(zone, file))));

    public static string Name => "file";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        var files = new List<FileZones>();

        // One list for the whole block, the last one that says so, as in CoreDNS.
        var fallthrough = ZoneSet.None;
        foreach (var directive in directives)
        {
            var options = FileOptions.Read(directive);
            fallthrough = options.Fallthrough ?? fallthrough;
            var file = new FileZones(options, block);
            block.Export(file);
            files.Add(file);
        }

        return next => new FilePlugin(
            next, [.. files], fallthrough, block.Steps is [.., var last] && last == Name, block.Services.Resolver);
    }

    public ValueTask HandleAsync(QueryContext query)
    {
        if (_files.Find(query.LowerName) is not { } file)
        {
            return Pass(query);
        }

        if (query.OpCode is OpCode.Notify)
        {
            // Only a secondary has primaries to hear from; others are ignored (RFC 1996 §3.10).
            query.Response.Drop(Name);
            return ValueTask.CompletedTask;
        }

        var version = StateVersion.Of(file);
        if (file.Find(query.LowerName) is not { } zone)
        {
            query.Reason = new Reason(ReasonCode.NotReady);
            query.Response.Fail(ResponseCode.ServFail, Name);
            return ValueTask.CompletedTask;
        }

        if (query.Type is RecordType.AXFR or RecordType.IXFR)
        {
            query.Response.Fail(ResponseCode.Refused, Name);
            return ValueTask.CompletedTask;
        }

        return Answer(query, zone, version);
    }

    // A server of zones refuses names of others.
    private ValueTask Pass(QueryContext query)
    {
        if (!isLast)
        {
            return next.HandleAsync(query);
        }

        query.Reason = new Reason(ReasonCode.NoZone);
        query.Response.Fail(ResponseCode.Refused, Name);
        return ValueTask.CompletedTask;
    }

    private ValueTask Answer(QueryContext query, Zone zone, StateVersion version)
    {
        query.Response.Begin(Name, authoritative: true);
        query.Response.MadeFrom = version;
        query.Reason = new Reason(ReasonCode.ZoneData, zone.Origin);
        var sink = new ResponseSink(query);
        var answer = ZoneLookup.Find(zone, query.LowerName, query.Type, query.DnssecOk, ref sink);
        var isMissing = answer.Outcome is ZoneOutcome.NXDomain || answer is { Outcome: ZoneOutcome.NoData, IsEmptyNonTerminal: true };
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
