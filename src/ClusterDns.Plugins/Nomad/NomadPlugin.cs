using System.Buffers.Binary;
using System.Text;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;
using ClusterDns.Plugins.Backends;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Plugins.Nomad;

/// <summary>Answers <c>SERVICE.NAMESPACE.service.nomad</c> from Nomad's own service discovery; Nomad is asked for each query.</summary>
internal sealed partial class NomadPlugin(IQueryHandler next, NomadOptions options, NomadClient client, ServerServices services) : IPlugin
{
    // Queries that wait for Nomad at once.
    private const int MaxWaiting = 1000;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly ILogger _logger = services.LoggerFor(Name);
    private readonly NomadMetrics _metrics = new(services.Metrics);
    private readonly Counter _refused = CeilingCounter.Of(services.Metrics, "nomad_waiting");
    private int _waiting;

    public static string Name => "nomad";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block) => NomadDirective.Configure(directives, block);

    public ValueTask HandleAsync(QueryContext query)
    {
        var name = query.LowerName;
        if (name.LabelCount < options.Zone.LabelCount + 2 || !name.IsSubdomainOf(options.Zone.Span))
        {
            return next.HandleAsync(query);
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
            query.Reason = new Reason(ReasonCode.TooManyQueries);
            query.Response.Fail(ResponseCode.ServFail, Name, "too many queries wait for Nomad");
            return ValueTask.CompletedTask;
        }

        return AnswerAsync(query, Encoding.UTF8.GetString(name.FirstLabel), Encoding.UTF8.GetString(name.Parent.FirstLabel));
    }

    private async ValueTask AnswerAsync(QueryContext query, string service, string space)
    {
        NomadRegistration[] found;
        try
        {
            using var timeout = new CancellationTokenSource(Timeout, services.Time);
            found = await client.FindAsync(service, space, timeout.Token);
        }
        catch (Exception exception) when (BackendHttp.IsFailure(exception))
        {
            var isSlow = exception is OperationCanceledException;
            var error = isSlow ? "no answer from Nomad in time" : BackendHttp.Excerpt(exception.Message);
            LogFailed(error);
            query.Reason = new Reason(isSlow ? ReasonCode.UpstreamTimeout : ReasonCode.UpstreamUnreachable, Name);
            query.Response.Fail(ResponseCode.ServFail, Name, error);
            _metrics.Count(query, space, succeeded: false);
            return;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        var response = query.Response;
        response.Begin(Name, authoritative: true, found.Length == 0 ? ResponseCode.NXDomain : ResponseCode.NoError);
        foreach (var instance in found)
        {
            Add(query, instance);
        }

        if (response.Answer.Count == 0)
        {
            // The SOA of a name that does not exist stands among the answers, as in CoreDNS.
            AddSoa(query, found.Length == 0 ? response.Answer : response.Authority);
        }

        query.Reason = found.Length == 0
            ? new Reason(ReasonCode.NoSuchService, service, space)
            : new Reason(response.Answer.Count > 0 ? ReasonCode.ZoneData : ReasonCode.NoSuchType, options.Zone);
        _metrics.Count(query, space, succeeded: found.Length > 0);
    }

    private void Add(QueryContext query, NomadRegistration instance)
    {
        if (!IPAddressValue.TryParse(instance.Address, out var address))
        {
            return;
        }

        Span<byte> octets = stackalloc byte[16];
        var rdata = octets[..address.WriteOctets(octets)];
        var type = address.IsIPv4 ? RecordType.A : RecordType.AAAA;
        var response = query.Response;
        if (query.Type == type)
        {
            response.AddAnswer(NameRef.QueryName, type, options.Ttl, rdata);
        }
        else if (query.Type is RecordType.SRV)
        {
            // Priority and weight are 10; the name itself has the addresses.
            var name = query.LowerName;
            var target = response.Reserve(6 + name.Length, out var buffer, out var offset);
            BinaryPrimitives.WriteUInt16BigEndian(target, 10);
            BinaryPrimitives.WriteUInt16BigEndian(target[2..], 10);
            BinaryPrimitives.WriteUInt16BigEndian(target[4..], (ushort)instance.Port);
            name.Wire.CopyTo(target[6..]);
            response.Answer.Add(new ResponseRecord(
                NameRef.QueryName, RecordType.SRV, RecordClass.IN, options.Ttl, buffer, offset, 6 + name.Length));
            if (!Contains(response.Additional, rdata))
            {
                response.AddAdditional(NameRef.QueryName, type, options.Ttl, rdata);
            }
        }
    }

    private static bool Contains(ResponseSection section, ReadOnlySpan<byte> rdata)
    {
        foreach (ref var record in section.Records)
        {
            if (record.Rdata.SequenceEqual(rdata))
            {
                return true;
            }
        }

        return false;
    }

    private void AddSoa(QueryContext query, ResponseSection section)
    {
        // ns1.QNAME hostmaster.ZONE serial refresh retry expire minimum
        ReadOnlySpan<byte> server = "\u0003ns1"u8;
        ReadOnlySpan<byte> mailbox = "\u000ahostmaster"u8;
        ReadOnlySpan<byte> numbers = [0, 0, 0, 0, 0, 0, 0x0e, 0x10, 0, 0, 0x02, 0x58, 0, 0x01, 0x51, 0x80, 0, 0, 0, 30];
        var name = query.LowerName.Wire;
        if (server.Length + name.Length > NameSpan.MaxLength || mailbox.Length + options.Zone.Wire.Length > NameSpan.MaxLength)
        {
            return;
        }

        var length = server.Length + name.Length + mailbox.Length + options.Zone.Wire.Length + numbers.Length;
        var rdata = query.Response.Reserve(length, out var buffer, out var offset);
        server.CopyTo(rdata);
        name.CopyTo(rdata[server.Length..]);
        rdata = rdata[(server.Length + name.Length)..];
        mailbox.CopyTo(rdata);
        options.Zone.Wire.CopyTo(rdata[mailbox.Length..]);
        numbers.CopyTo(rdata[(mailbox.Length + options.Zone.Wire.Length)..]);
        section.Add(new ResponseRecord(NameRef.QueryName, RecordType.SOA, RecordClass.IN, options.Ttl, buffer, offset, length));
    }

    [LoggerMessage(2260, LogLevel.Warning, "{Error}")]
    private partial void LogFailed(string error);
}
