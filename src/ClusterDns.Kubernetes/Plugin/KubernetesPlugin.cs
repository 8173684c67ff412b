using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Kubernetes.Records;
using ClusterDns.Protocol.Edns;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Kubernetes.Plugin;

/// <summary>Answers for the Services and Pods of a cluster by the Kubernetes DNS schema, version 1.1.0.</summary>
internal sealed class KubernetesPlugin(KubernetesState state, IQueryHandler next) : IPlugin
{
    private const uint VersionTtl = 28800;

    private readonly ZoneTable<KubernetesZone> _zones = state.Zones;
    private readonly uint _ttl = state.Options.Ttl;
    private readonly AliasAnswer _aliases = new(state);

    public static string Name => "kubernetes";

    // The version of the schema as a character string.
    private static ReadOnlySpan<byte> SchemaVersion => "\u00051.1.0"u8;

    private static ReadOnlySpan<byte> VersionLabel => "\u000bdns-version"u8;

    public ValueTask HandleAsync(QueryContext query)
    {
        if (_zones.Find(query.LowerName) is not { } zone)
        {
            return next.HandleAsync(query);
        }

        var version = StateVersion.Of(state);
        var running = AnswerAsync(query, zone);

        // Where another directive goes on, its answer takes the mark off again.
        if (ReferenceEquals(query.Response.Source, Name))
        {
            query.Response.MadeFrom = version;
            if (state.IsStale)
            {
                MarkStale(query.Response);
            }
        }

        return running;
    }

    // RFC 8914 §4.4 and §4.20.
    private static void MarkStale(Response response) =>
        response.ExtendedError = response.Code is ResponseCode.NXDomain
            ? ExtendedDnsError.StaleNXDomainAnswer
            : ExtendedDnsError.StaleAnswer;

    private static bool IsVersion(NameSpan name, KubernetesZone zone) =>
        name.Wire[..^zone.Length].SequenceEqual(VersionLabel);

    private ValueTask AnswerAsync(QueryContext query, KubernetesZone zone)
    {
        switch (query.Type)
        {
            case RecordType.AXFR or RecordType.IXFR:
                query.Reason = new Reason(ReasonCode.Blocked);
                query.Response.Fail(ResponseCode.Refused, Name);
                return ValueTask.CompletedTask;
            case RecordType.SOA:
                return AnswerAuthority(query, zone);
            case RecordType.NS when query.LowerName.Length == zone.Length:
                return AnswerServers(query, zone);
            case RecordType.TXT when IsVersion(query.LowerName, zone):
                query.Reason = new Reason(ReasonCode.ZoneData);
                query.Response.Begin(Name, authoritative: true);
                query.Response.AddAnswer(NameRef.QueryName, RecordType.TXT, VersionTtl, SchemaVersion);
                return ValueTask.CompletedTask;
            case RecordType.PTR:
                Span<byte> address = stackalloc byte[16];
                return ReverseName.TryParse(query.LowerName, address, out var length)
                    ? AnswerPointer(query, zone, AddressKey.Of(address[..length]))
                    : AnswerName(query, zone);
            default:
                return AnswerName(query, zone);
        }
    }

    private ValueTask AnswerName(QueryContext query, KubernetesZone zone)
    {
        zone.Find(query.LowerName, out var match);
        query.Reason = match.Reason;

        // TXT and PTR at names that have no records at all are denied as a whole; other types have nothing there.
        var isDenied = match.Kind is MatchKind.NameError
            || (query.Type is RecordType.TXT && match.Kind is MatchKind.Empty or MatchKind.NameServer)
            || (query.Type is RecordType.PTR && match.Kind is MatchKind.NameServer);
        if (isDenied)
        {
            return Deny(query, zone);
        }

        var response = query.Response;
        response.Begin(Name, authoritative: true);
        var added = 0;
        switch (query.Type)
        {
            case RecordType.A or RecordType.AAAA when match.Kind is MatchKind.Alias:
                return _aliases.AnswerAsync(query, zone, match.Records!); // Not null for this kind.
            case RecordType.A or RecordType.AAAA when match.Kind is MatchKind.NameServer:
                state.Servers.AddAddresses(response, query.Type, NameRef.QueryName, _ttl);
                added = response.Answer.Count;
                break;
            case RecordType.A or RecordType.AAAA:
                added = ClusterAnswer.AddAddresses(response, NameRef.QueryName, in match, query.Type, _ttl);
                break;
            case RecordType.SRV:
                added = ClusterAnswer.AddServices(response, in match, zone.PartOf(query.Name), _ttl);
                break;
            case RecordType.CNAME when match.Kind is MatchKind.Alias:
                AliasAnswer.Add(response, NameRef.QueryName, match.Records!.Target!, _ttl); // Not null for this kind.
                added = 1;
                break;
        }

        if (added == 0)
        {
            state.AnswerNothing(query, zone, match.Reason.Subject);
        }

        return ValueTask.CompletedTask;
    }

    private ValueTask AnswerAuthority(QueryContext query, KubernetesZone zone)
    {
        if (query.LowerName.Length != zone.Length)
        {
            state.AnswerNothing(query, zone, null);
            return ValueTask.CompletedTask;
        }

        query.Reason = new Reason(ReasonCode.ZoneData);
        query.Response.Begin(Name, authoritative: true);
        state.AddAuthority(query, zone, query.Response.Answer);
        return ValueTask.CompletedTask;
    }

    private ValueTask AnswerServers(QueryContext query, KubernetesZone zone)
    {
        query.Reason = new Reason(ReasonCode.ZoneData);
        query.Response.Begin(Name, authoritative: true);
        state.Servers.AddServers(query.Response, zone.PartOf(query.Name), _ttl, _ttl);
        if (query.Response.Answer.Count == 0)
        {
            state.AnswerNothing(query, zone, null);
        }

        return ValueTask.CompletedTask;
    }

    private ValueTask AnswerPointer(QueryContext query, KubernetesZone zone, AddressKey address)
    {
        var response = query.Response;
        response.Begin(Name, authoritative: true);
        if (state.Records.Addresses.Find(address) is { } owners)
        {
            AddPointers(response, owners);
        }

        if (response.Answer.Count == 0)
        {
            query.Reason = new Reason(ReasonCode.NoSuchName);
            return Deny(query, zone);
        }

        query.Reason = new Reason(ReasonCode.ZoneData);
        return ValueTask.CompletedTask;
    }

    // A Service's own address names that Service alone; any other one every endpoint that has it.
    private void AddPointers(Response response, in AddressOwners owners)
    {
        var zone = state.Options.PrimaryZone.Wire;
        var services = owners.Services;
        for (var index = 0; index < services.Count; index++)
        {
            if (IsShown(services[index].Namespace))
            {
                ClusterAnswer.AddPointer(response, ClusterName.OfService(services[index], zone), _ttl);
                return;
            }
        }

        var slices = owners.Slices;
        Span<byte> address = stackalloc byte[16];
        address = address[..owners.Address.Write(address)];
        Span<byte> room = stackalloc byte[EndpointLabel.LongestIPv4];
        for (var index = 0; index < slices.Count; index++)
        {
            var slice = slices[index];
            if (!IsShown(slice.Service.Namespace))
            {
                continue;
            }

            for (var found = slice.FindAddress(address); found >= 0; found = slice.FindAddress(address, found + 1))
            {
                ClusterAnswer.AddPointer(response, ClusterName.OfEndpoint(slice, found, zone, room), _ttl);
            }
        }
    }

    // Reverse names do not ask whether a namespace is selected, only whether it is among those that are listed.
    private bool IsShown(NamespaceEntry space) => state.Options.Records.Namespaces.Count == 0 || space.IsExposed;

    private ValueTask Deny(QueryContext query, KubernetesZone zone)
    {
        if (state.Options.Fallthrough.Contains(query.LowerName))
        {
            return next.HandleAsync(query);
        }

        // What is not known yet may exist.
        var code = ResponseCode.NXDomain;
        if (!state.IsComplete)
        {
            query.Reason = new Reason(ReasonCode.NotReady);
            query.Response.ExtendedError = ExtendedDnsError.NotReady;
            code = ResponseCode.ServFail;
        }

        query.Response.Begin(Name, authoritative: true, code);
        state.AddAuthority(query, zone, query.Response.Authority);
        return ValueTask.CompletedTask;
    }
}
