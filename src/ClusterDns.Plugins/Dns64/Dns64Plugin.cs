using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Plugins.Dns64;

/// <summary>Makes AAAA records from A records for clients that reach IPv4 through a NAT64 (RFC 6147).</summary>
internal sealed partial class Dns64Plugin : IPlugin
{
    // Longest TTL where no SOA record says how long the absence of AAAA records may be kept (RFC 6147 §5.1.7).
    private const uint TtlWithoutSoa = 600;
    private const int IPv4Length = 4;
    private const int IPv6Length = 16;

    private readonly IQueryHandler _next;
    private readonly Dns64Options _options;
    private readonly IQueryResolver _resolver;
    private readonly PerListener<Counter> _translated;

    private Dns64Plugin(IQueryHandler next, Dns64Options options, BlockContext block)
    {
        _next = next;
        _options = options;
        _resolver = block.Services.Resolver;
        var translated = block.Services.Metrics.Counter(
            "coredns_dns64_requests_translated_total", "Counter of DNS requests translated by dns64.", "server");
        _translated = new PerListener<Counter>(listener => translated.With(listener.Label));
    }

    public static string Name => "dns64";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        var logger = block.Services.LoggerFor(Name);
        var options = Dns64Options.Read(directives, line => LogIgnored(logger, line.File, line.Line, line.Name));
        return next => new Dns64Plugin(next, options, block);
    }

    public ValueTask HandleAsync(QueryContext query)
    {
        if (query.Type is not RecordType.AAAA || query.Class is not RecordClass.IN
            || (query.Client.Address.IsIPv4 && !_options.AllowsIPv4))
        {
            return _next.HandleAsync(query);
        }

        var running = _next.HandleAsync(query);
        if (!running.IsCompletedSuccessfully)
        {
            return AwaitAsync(running, query);
        }

        return NeedsSynthesis(query.Response) ? Synthesize(query) : ValueTask.CompletedTask;
    }

    private async ValueTask AwaitAsync(ValueTask running, QueryContext query)
    {
        await running;
        if (NeedsSynthesis(query.Response))
        {
            await Synthesize(query);
        }
    }

    // RFC 6147 §5.1.2: NXDOMAIN is true of A records as well; any other failure counts as an empty answer.
    private bool NeedsSynthesis(Response response)
    {
        if (response.State is not ResponseState.Answered || response.IsBare || response.Code is ResponseCode.NXDomain)
        {
            return false;
        }

        return _options.TranslatesAll || !HasAddress(response.Answer);
    }

    private static bool HasAddress(ResponseSection answer)
    {
        foreach (ref var record in answer.Records)
        {
            if (record.Type is RecordType.AAAA)
            {
                return true;
            }
        }

        return false;
    }

    private ValueTask Synthesize(QueryContext query)
    {
        var asking = _resolver.ResolveAsync(query, query.LowerName, RecordType.A);
        if (!asking.IsCompletedSuccessfully)
        {
            return AwaitAsync(asking, query);
        }

        Answer(query, asking.Result);
        return ValueTask.CompletedTask;
    }

    private async ValueTask AwaitAsync(ValueTask<QueryContext?> asking, QueryContext query) => Answer(query, await asking);

    private void Answer(QueryContext query, QueryContext? found)
    {
        var response = query.Response;
        if (found is null)
        {
            query.Reason = new Reason(ReasonCode.UpstreamUnreachable);
            response.Fail(ResponseCode.ServFail, Name, "no answer for the A records");
            return;
        }

        _translated.For(query.Listener).Increment(query.Worker);
        var longest = LongestTtl(response.Authority);
        var other = found.Response;
        response.Begin(Name, authoritative: false);
        response.Error = null;
        response.Flags = query.Flags & (HeaderFlags.RecursionDesired | HeaderFlags.CheckingDisabled);
        response.IsTruncated = other.IsTruncated;
        response.CopyRecords(other.Answer, response.Answer, found);
        response.CopyRecords(other.Authority, response.Authority, found);
        response.CopyRecords(other.Additional, response.Additional, found);
        response.ExtendedError = other.ExtendedError;
        response.ExtendedErrorText = Copy(response, other.ExtendedErrorText.Span);
        response.EdnsOptions = Copy(response, other.EdnsOptions.Span);
        _resolver.Release(found);
        query.Reason = new Reason(ReasonCode.Synthesized);
        Translate(response, longest);
    }

    private void Translate(Response response, uint longest)
    {
        foreach (ref var record in response.Answer.Records)
        {
            if (record.Type is not RecordType.A || record.RdataLength != IPv4Length)
            {
                continue;
            }

            var address = response.Reserve(IPv6Length, out var buffer, out var offset);
            _options.Prefix.Embed(record.Rdata, address);
            record.Type = RecordType.AAAA;
            record.Ttl = Math.Min(record.Ttl, longest);
            record.SetRdata(buffer, offset, IPv6Length);
        }
    }

    private static uint LongestTtl(ResponseSection authority)
    {
        foreach (ref var record in authority.Records)
        {
            if (record.Type is RecordType.SOA)
            {
                return record.Ttl;
            }
        }

        return TtlWithoutSoa;
    }

    private static ReadOnlyMemory<byte> Copy(Response response, ReadOnlySpan<byte> octets) =>
        octets.IsEmpty ? default : response.Copy(octets, out var offset).AsMemory(offset, octets.Length);

    [LoggerMessage(2001, LogLevel.Warning, "{File}:{Line}: {Option} has no effect beside a prefix in the directive's line: write prefix in the block")]
    private static partial void LogIgnored(ILogger logger, string file, int line, string option);
}
