using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Kubernetes.Plugin;
using ClusterDns.Kubernetes.Records;
using ClusterDns.Protocol.Edns;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Kubernetes.External;

/// <summary>
/// Answers in zones of its own where the cluster's Services are reached from outside: by their external addresses and
/// those of their load balancers.
/// </summary>
internal sealed class ExternalPlugin : IPlugin
{
    private readonly ExternalOptions _options;
    private readonly KubernetesState _state;
    private readonly IQueryHandler _next;
    private readonly ZoneTable<ExternalZone> _zones;
    private readonly ExternalAnswer _answer;
    private readonly ExternalTargets _targets;

    public ExternalPlugin(ExternalOptions options, ZoneTable<ExternalZone> zones, KubernetesState state, IQueryHandler next)
    {
        _options = options;
        _state = state;
        _next = next;
        _zones = zones;
        _answer = new ExternalAnswer(options.Ttl, state.Options.Ttl);
        _targets = new ExternalTargets(state.Services, state.Options.Ttl);
    }

    public static string Name => "k8s_external";

    public ValueTask HandleAsync(QueryContext query)
    {
        if (_zones.Find(query.LowerName) is not { } zone)
        {
            return _next.HandleAsync(query);
        }

        var version = StateVersion.Of(_state);
        query.Response.Begin(Name, authoritative: true);
        query.Response.MadeFrom = version;
        if (query.LowerName.Length == zone.Name.Wire.Length)
        {
            AnswerApex(query, zone);
            return ValueTask.CompletedTask;
        }

        if (query.LowerName.IsSubdomainOf(zone.Apex.Span))
        {
            AnswerBelowApex(query, zone);
            return ValueTask.CompletedTask;
        }

        Span<byte> address = stackalloc byte[16];
        return query.Type is RecordType.PTR && ReverseName.TryParse(query.LowerName, address, out var length)
            ? AnswerPointer(query, zone, AddressKey.Of(address[..length]))
            : AnswerName(query, zone);
    }

    private void AnswerApex(QueryContext query, ExternalZone zone)
    {
        query.Reason = new Reason(ReasonCode.ZoneData);
        var response = query.Response;
        switch (query.Type)
        {
            case RecordType.SOA:
                AddAuthority(query, zone, response.Answer);
                break;
            case RecordType.NS:
                response.Answer.Add(new ResponseRecord(
                    NameRef.QueryName, RecordType.NS, RecordClass.IN, _options.Ttl, zone.Server.Wire, 0, zone.Server.Wire.Length));
                _state.Servers.AddExternal(response.Additional, null, zone.Server, _options.ShowsHeadless, _options.Ttl);
                break;
            default:
                AddAuthority(query, zone, response.Authority);
                break;
        }
    }

    // The server's name has addresses, the one above it nothing; no other name exists there.
    private void AnswerBelowApex(QueryContext query, ExternalZone zone)
    {
        query.Reason = new Reason(ReasonCode.ZoneData);
        var response = query.Response;
        if (query.LowerName.Equals(zone.Server.Span))
        {
            if (query.Type is RecordType.A or RecordType.AAAA)
            {
                _state.Servers.AddExternal(
                    response.Answer, query.Type, NameRef.QueryName, _options.ShowsHeadless, _options.Ttl);
            }
        }
        else if (query.LowerName.Length != zone.Apex.Wire.Length)
        {
            query.Reason = new Reason(ReasonCode.NoSuchName);
            response.Code = ResponseCode.NXDomain;
        }

        if (response.Answer.Count == 0)
        {
            AddAuthority(query, zone, response.Authority);
        }
    }

    private ValueTask AnswerPointer(QueryContext query, ExternalZone zone, AddressKey address)
    {
        if (_state.Records.ExternalAddresses.Find(address) is { } entry)
        {
            var services = entry.Services;
            for (var index = 0; index < services.Count; index++)
            {
                if (_state.Options.Records.Namespaces.Count == 0 || services[index].Namespace.IsExposed)
                {
                    var name = ClusterName.OfExternal(services[index], _options.Zones[0].Wire);
                    ClusterAnswer.AddPointer(query.Response, name, _options.Ttl);
                }
            }
        }

        if (query.Response.Answer.Count == 0)
        {
            return Deny(query, zone);
        }

        query.Reason = new Reason(ReasonCode.ZoneData);
        return ValueTask.CompletedTask;
    }

    private ValueTask AnswerName(QueryContext query, ExternalZone zone)
    {
        var match = ExternalMatch.Find(query.LowerName, zone, _state.Records, _options.ShowsHeadless);
        if (!match.Exists)
        {
            return Deny(query, zone);
        }

        query.Reason = new Reason(ReasonCode.ZoneData, match.Service);
        var response = query.Response;
        switch (query.Type)
        {
            case RecordType.A or RecordType.AAAA when match.Service is not null:
                _answer.AddAddresses(response, in match, query.Type);
                if (match.External is { Targets.Length: > 0 } named)
                {
                    return _targets.AnswerAsync(query, named.Targets);
                }

                break;
            case RecordType.SRV when match.Service is not null:
                _answer.AddServices(response, in match, zone.Name);
                if (match.External is { Targets.Length: > 0 } external && response.Answer.Count > 0)
                {
                    return _targets.AddAdditionalAsync(query, external.Targets);
                }

                break;
        }

        if (response.Answer.Count == 0)
        {
            query.Reason = new Reason(ReasonCode.NoSuchType, match.Service);
            AddAuthority(query, zone, response.Authority);
        }

        return ValueTask.CompletedTask;
    }

    private ValueTask Deny(QueryContext query, ExternalZone zone)
    {
        var response = query.Response;
        if (_options.Fallthrough.Contains(query.LowerName))
        {
            response.Abandon();
            response.MadeFrom = default;
            return _next.HandleAsync(query);
        }

        query.Reason = new Reason(ReasonCode.NoSuchService);
        response.Code = ResponseCode.NXDomain;
        if (!_state.IsSynced)
        {
            // What is not known yet may exist.
            query.Reason = new Reason(ReasonCode.NotReady);
            response.ExtendedError = ExtendedDnsError.NotReady;
            response.Code = ResponseCode.ServFail;
        }

        AddAuthority(query, zone, response.Authority);
        return ValueTask.CompletedTask;
    }

    private void AddAuthority(QueryContext query, ExternalZone zone, ResponseSection section) =>
        zone.AddAuthority(query.Response, section, _state.Records.ExternalSerial, _options.Ttl);
}
