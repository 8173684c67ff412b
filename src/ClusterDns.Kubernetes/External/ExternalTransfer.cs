using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Kubernetes.Plugin;
using ClusterDns.Kubernetes.Records;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Kubernetes.External;

/// <summary>The directive's zones as transfers show them: what queries find at each Service's names, each record once.</summary>
internal sealed class ExternalTransfer(ExternalOptions options, ZoneTable<ExternalZone> zones) : IZoneTransferSource
{
    /// <summary>Set when the steps are put together; null without <c>kubernetes</c>.</summary>
    public KubernetesState? State { get; set; }

    public IReadOnlyList<DnsName> Zones { get; } = options.Zones;

    public uint? FindSerial(DnsName zone) =>
        Zones.Contains(zone) && State is { IsSynced: true } state ? state.Records.ExternalSerial : null;

    public IEnumerable<ResourceRecord> ReadRecords(DnsName zone)
    {
        if (FindSerial(zone) is not { } serial || State is not { } state || zones.Find(zone.Span) is not { } found)
        {
            yield break;
        }

        // What is in a response is found the way queries find it; here it leaves the response at once.
        var response = new Response();
        found.AddAuthority(response, response.Answer, serial, options.Ttl);
        var authority = ClusterTransfer.Take(response.Answer, zone)[0];
        yield return authority;
        yield return new ResourceRecord(zone, RecordType.NS, RecordClass.IN, options.Ttl, found.Server.Wire);
        state.Servers.AddExternal(response.Answer, null, NameRef.QueryName, options.ShowsHeadless, options.Ttl);
        foreach (var record in ClusterTransfer.Take(response.Answer, found.Server))
        {
            yield return record;
        }

        var answer = new ExternalAnswer(options.Ttl, state.Options.Ttl);
        foreach (var service in state.Records.Services.Where(static service => service.Namespace.IsExposed)
            .OrderBy(static service => service.ToString(), StringComparer.Ordinal))
        {
            foreach (var record in ReadService(service, found, answer, state.Options.Ttl).DistinctBy(ClusterTransfer.KeyOf))
            {
                yield return record;
            }
        }

        yield return authority;
    }

    private IEnumerable<ResourceRecord> ReadService(ServiceEntry service, ExternalZone zone, ExternalAnswer answer, uint aliasTtl)
    {
        if (ClusterTransfer.Join([], service.Key, zone.Name.Wire) is not { } name)
        {
            return [];
        }

        if (service.External is { HasAddresses: false, Targets: [var target, ..] })
        {
            // A name that is an alias has no other record (RFC 1034 §3.6.2), so its SRV records are left out.
            return [new ResourceRecord(name, RecordType.CNAME, RecordClass.IN, aliasTtl, target.Wire)];
        }

        var records = Read(service, [], default, name, zone, answer, hasAddresses: true);
        if (service.External is { } external)
        {
            return records.Concat(external.Ports.SelectMany(port => ReadPort(service, port, name, zone, answer)));
        }

        if (!options.ShowsHeadless || service.Records is not { Kind: ServiceKind.Headless } headless)
        {
            return [];
        }

        foreach (var slice in headless.Slices)
        {
            records = records.Concat(slice.Ports.SelectMany(port => ReadPort(service, port, name, zone, answer)));
            for (var index = 0; index < slice.Count; index++)
            {
                var label = slice.Label(index, new byte[EndpointLabel.LongestIPv4]).ToArray();
                if (ClusterTransfer.Join(label, service.Key, zone.Name.Wire) is { } endpoint)
                {
                    records = records.Concat(Read(service, label, default, endpoint, zone, answer, hasAddresses: true));
                }
            }
        }

        return records;
    }

    private IEnumerable<ResourceRecord> ReadPort(
        ServiceEntry service, PortRecord port, DnsName name, ExternalZone zone, ExternalAnswer answer) =>
        ClusterTransfer.PortName(port, name) is { } portName
            ? Read(service, [], port, portName, zone, answer, hasAddresses: false)
            : [];

    private IEnumerable<ResourceRecord> Read(
        ServiceEntry service, byte[] endpoint, PortRecord port, DnsName owner, ExternalZone zone, ExternalAnswer answer, bool hasAddresses)
    {
        var match = ExternalMatch.Of(service, options.ShowsHeadless, endpoint, port);
        var response = new Response();
        if (match.Exists)
        {
            if (hasAddresses)
            {
                answer.AddAddresses(response, in match, RecordType.A);
                answer.AddAddresses(response, in match, RecordType.AAAA);
            }

            answer.AddServices(response, in match, zone.Name);
        }

        return ClusterTransfer.Take(response.Answer, owner);
    }
}
