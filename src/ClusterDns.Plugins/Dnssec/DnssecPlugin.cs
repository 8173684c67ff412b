using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;
using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Edns;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Plugins.Dnssec;

/// <summary>Signs what comes from behind for clients that set DO, and answers for the zones' keys.</summary>
internal sealed partial class DnssecPlugin : IPlugin
{
    private const uint DnskeyTtl = 3600;

    [ThreadStatic]
    private static SigningPass? _passOfThread;

    private readonly IQueryHandler _next;
    private readonly ZoneSet _zones;
    private readonly RRsetSigner _signer;
    private readonly PerListener<DnssecMetrics> _metrics;
    private readonly QueryContextPool _queries;

    private DnssecPlugin(IQueryHandler next, ZoneSet zones, RRsetSigner signer, ServerServices services)
    {
        _next = next;
        _zones = zones;
        _signer = signer;
        _metrics = DnssecMetrics.For(services.Metrics, signer);
        _queries = services.Queries;
    }

    public static string Name => "dnssec";

    private static ReadOnlyMemory<byte> RefusedText { get; } = "too many signatures are waiting"u8.ToArray();

    public static PluginFactory? Configure(DirectiveGroup directives, BlockContext block) =>
        Configure(directives, block, SigningQueue.Shared);

    public static PluginFactory? Configure(DirectiveGroup directives, BlockContext block, SigningQueue queue)
    {
        var directive = directives.ExpectOnce();
        var options = DnssecOptions.Read(directive, block);
        var services = block.Services;
        var logger = services.LoggerFor(Name);
        if (options.Keys.Count == 0)
        {
            LogNoKeys(logger, directive.File, directive.Line);
            return static next => next;
        }

        var signer = new RRsetSigner(
            options.Keys, options.CacheCapacity, queue, services.Time, logger, DnssecMetrics.Refused(services.Metrics),
            CeilingCounter.Of(services.Metrics, "dnssec_cache"));
        return next => new DnssecPlugin(next, options.Zones, signer, services);
    }

    public ValueTask HandleAsync(QueryContext query)
    {
        if (query.OpCode is not OpCode.Query || query.Class is not RecordClass.IN || _zones.Find(query.LowerName) is not { } zone)
        {
            return _next.HandleAsync(query);
        }

        if (query.Type is RecordType.DNSKEY && zone.Span.Equals(query.LowerName))
        {
            return AnswerKeysAsync(query);
        }

        if (!query.DnssecOk || query.Type is RecordType.AXFR or RecordType.IXFR)
        {
            return _next.HandleAsync(query);
        }

        var running = _next.HandleAsync(query);
        return running.IsCompletedSuccessfully ? SignAsync(query) : AwaitAsync(running, query);
    }

    private async ValueTask AwaitAsync(ValueTask running, QueryContext query)
    {
        await running;
        await SignAsync(query);
    }

    private ValueTask AnswerKeysAsync(QueryContext query)
    {
        var response = query.Response;
        response.Begin(Name, authoritative: true);
        query.Reason = new Reason(ReasonCode.ZoneData);
        var owner = query.Name.SequenceEqual(query.LowerName) ? NameRef.QueryName : response.CopyName(query.LowerName);
        var keys = _signer.Keys;
        for (var index = 0; index < keys.Count; index++)
        {
            var dnskey = keys[index].Dnskey;
            response.Answer.Add(new ResponseRecord(owner, RecordType.DNSKEY, RecordClass.IN, DnskeyTtl, dnskey, 0, dnskey.Length));
        }

        return query.DnssecOk ? SignAsync(query, isCut: false) : ValueTask.CompletedTask;
    }

    private ValueTask SignAsync(QueryContext query)
    {
        var response = query.Response;
        if (response.State is not ResponseState.Answered || response.IsBare)
        {
            return ValueTask.CompletedTask;
        }

        response.Source = Name;
        return query.Type is RecordType.DS && ResponseShape.Of(query, _zones).IsDenial && _zones.Find(query.LowerName.Parent) is not null
            ? ProbeAsync(query)
            : SignAsync(query, isCut: false);
    }

    // Whether a name without DS is a cut decides whether what lies below may be unsigned (RFC 4035 §5.2): the NS bit is not
    // set for a name that might be one.
    private ValueTask ProbeAsync(QueryContext query)
    {
        var probe = _queries.Rent();
        probe.BeginCopy(query, query.Transport);
        probe.CopyWaiting(query);
        probe.Type = RecordType.NS;
        var running = _next.HandleAsync(probe);
        return running.IsCompletedSuccessfully ? EndProbeAsync(query, probe) : AwaitProbeAsync(running, query, probe);
    }

    private async ValueTask AwaitProbeAsync(ValueTask running, QueryContext query, QueryContext probe)
    {
        await running;
        await EndProbeAsync(query, probe);
    }

    private ValueTask EndProbeAsync(QueryContext query, QueryContext probe)
    {
        var isCut = probe.Response.State is ResponseState.Answered && ResponseShape.IsReferralAt(probe, query.LowerName, _zones);
        _queries.Return(probe);
        return SignAsync(query, isCut);
    }

    private ValueTask SignAsync(QueryContext query, bool isCut)
    {
        var pass = _passOfThread ?? new SigningPass();
        _passOfThread = null;
        pass.Begin(_signer, _zones, _metrics.For(query.Listener));
        Compose(query, pass, isCut);
        if (pass.IsRefused)
        {
            Refuse(query, pass);
        }
        else if (!pass.IsWaiting)
        {
            End(pass);
        }
        else if (query.MayWait)
        {
            return AwaitSignaturesAsync(query, pass);
        }
        else
        {
            query.DropForWaiting(Name);
            Keep(pass);
        }

        return ValueTask.CompletedTask;
    }

    private static async ValueTask AwaitSignaturesAsync(QueryContext query, SigningPass pass)
    {
        if (await pass.WaitAsync())
        {
            End(pass);
        }
        else
        {
            query.Response.Fail(ResponseCode.ServFail, Name, "a signature could not be made");
            Keep(pass);
        }
    }

    private static void End(SigningPass pass)
    {
        pass.Append();
        Keep(pass);
    }

    private static void Keep(SigningPass pass)
    {
        pass.Clear();
        _passOfThread = pass;
    }

    // An answer without its signatures would be bogus: better none, and a reason.
    private static void Refuse(QueryContext query, SigningPass pass)
    {
        query.Reason = new Reason(ReasonCode.TooManyQueries);
        query.Response.Fail(ResponseCode.ServFail, Name, "too many signatures are waiting");
        query.Response.ExtendedError = ExtendedDnsError.Other;
        query.Response.ExtendedErrorText = RefusedText;
        Keep(pass);
    }

    private void Compose(QueryContext query, SigningPass pass, bool isCut)
    {
        var response = query.Response;
        var shape = ResponseShape.Of(query, _zones);
        var proofs = response.Authority;
        pass.AddSection(query, response.Answer);
        pass.AddSection(query, proofs);
        if (shape.IsReferral)
        {
            AddNoDs(query, pass, proofs[shape.Proof]);
        }
        else if (shape.IsDenial)
        {
            AddNoData(query, pass, shape, isCut);
        }
        else
        {
            pass.AddSection(query, response.Additional);
        }
    }

    private void AddNoDs(QueryContext query, SigningPass pass, ResponseRecord ns)
    {
        var authority = query.Response.Authority;
        var cut = query.Resolve(ns.Owner);
        if (_zones.Find(cut.Parent) is not { } zone || HasProof(authority))
        {
            return;
        }

        var nsec = Denial.NoDs(query.Response, ns.Owner, cut, zone.Span, ns.Ttl);
        authority.Add(nsec);
        pass.AddRecord(query, authority, nsec, zone, isDenial: true);
    }

    private void AddNoData(QueryContext query, SigningPass pass, ResponseShape shape, bool isCut)
    {
        var response = query.Response;
        var authority = response.Authority;
        var soa = authority[shape.Proof];
        if (HasProof(authority)
            || _zones.Find(query.Resolve(soa.Owner)) is not { } zone
            || !query.Resolve(shape.Last).IsSubdomainOf(zone.Span))
        {
            return;
        }

        var section = authority;
        if (query.Type is RecordType.NSEC && response.Answer.Count == 0)
        {
            // The denial is the answer.
            authority.Clear();
            pass.Begin(_signer, _zones, _metrics.For(query.Listener));
            section = response.Answer;
        }

        var name = query.Resolve(shape.Last);
        var nsec = Denial.NoData(response, shape.Last, name, zone.Span, query.Type, soa.Ttl, isCut);
        section.Add(nsec);
        pass.AddRecord(query, section, nsec, zone, isDenial: true);

        // The name exists as far as the proof says, so it is not denied either.
        response.Code = ResponseCode.NoError;
    }

    private static bool HasProof(ResponseSection authority)
    {
        foreach (ref var record in authority.Records)
        {
            if (record.Type is RecordType.NSEC or RecordType.NSEC3 or RecordType.DS)
            {
                return true;
            }
        }

        return false;
    }

    [LoggerMessage(2201, LogLevel.Warning, "{File}:{Line}: found no key, so nothing is signed")]
    private static partial void LogNoKeys(ILogger logger, string file, int line);
}
