using System.Buffers.Binary;
using ClusterDns.Core.Pipeline;
using ClusterDns.Kubernetes.Plugin;
using ClusterDns.Kubernetes.Records;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Kubernetes.External;

/// <summary>
/// Puts what was found into a response. Addresses are pointed at where they are; names are put together in the
/// response's memory. Names of load balancers are left to <see cref="ExternalTargets"/>.
/// </summary>
/// <param name="ttl">Of addresses.</param>
/// <param name="serviceTtl">Of SRV records: that of <c>kubernetes</c>, as with CoreDNS.</param>
internal sealed class ExternalAnswer(uint ttl, uint serviceTtl)
{
    private const int ServicePrefix = 6;

    /// <summary>Adds A or AAAA records.</summary>
    public void AddAddresses(Response response, in ExternalMatch match, RecordType type)
    {
        if (match.External is { } external)
        {
            ClusterAnswer.Add(response.Answer, NameRef.QueryName, type, ttl, external.Addresses(type));
            return;
        }

        if (match.Headless is not { } headless)
        {
            return;
        }

        if (match.Endpoint.IsEmpty && match.Port.IsEmpty && match.Protocol.IsEmpty && headless.Kind is ServiceKind.Headless)
        {
            ClusterAnswer.Add(response.Answer, NameRef.QueryName, type, ttl, headless.Addresses(type));
            return;
        }

        foreach (var slice in headless.Slices)
        {
            if (slice.Type != type || !HasPort(slice, in match))
            {
                continue;
            }

            for (var index = Next(slice, in match, 0); index >= 0; index = Next(slice, in match, index + 1))
            {
                AddOnce(response.Answer, NameRef.QueryName, slice, index);
            }
        }
    }

    /// <summary>Adds SRV records, and the addresses of their targets as additional ones.</summary>
    /// <param name="zone">Lower-cased.</param>
    public void AddServices(Response response, in ExternalMatch match, DnsName zone)
    {
        var weight = (ushort)Math.Max(1, 100 / match.Count);
        if (match.External is { } external)
        {
            AddOwn(response, in match, external, ClusterName.OfExternal(match.Service!, zone.Wire), weight); // Not null: it was found.
        }
        else if (match.Headless is { } headless)
        {
            foreach (var slice in headless.Slices)
            {
                for (var index = Next(slice, in match, 0); index >= 0; index = Next(slice, in match, index + 1))
                {
                    AddEndpoint(response, in match, slice, index, zone, weight);
                }
            }
        }
    }

    private void AddOwn(Response response, in ExternalMatch match, ExternalRecords external, ClusterName name, ushort weight)
    {
        var owner = NameRef.QueryName;
        for (var index = 0; index < external.Ports.Length; index++)
        {
            ref readonly var port = ref external.Ports[index];
            if (port.Number < 0 || !match.Matches(in port) || IsRepeated(external.Ports, index, in match))
            {
                continue;
            }

            if (external.HasAddresses)
            {
                owner = ClusterAnswer.AddService(response, weight, port.Number, name, serviceTtl);
            }

            foreach (var target in external.Targets)
            {
                AddTarget(response, weight, port.Number, target);
            }
        }

        if (!owner.IsQueryName)
        {
            ClusterAnswer.Add(response.Additional, owner, RecordType.A, ttl, external.IPv4);
            ClusterAnswer.Add(response.Additional, owner, RecordType.AAAA, ttl, external.IPv6);
        }
    }

    private void AddEndpoint(Response response, in ExternalMatch match, SliceRecords slice, int index, DnsName zone, ushort weight)
    {
        Span<byte> room = stackalloc byte[EndpointLabel.LongestIPv4];
        var name = ClusterName.OfExternalEndpoint(slice, index, zone.Wire, room);
        var owner = NameRef.QueryName;
        foreach (ref readonly var port in slice.Ports.AsSpan())
        {
            if (port.Number >= 0 && match.Matches(in port))
            {
                var target = ClusterAnswer.AddService(response, weight, port.Number, name, serviceTtl);
                RemoveRepeated(response.Answer);
                owner = target.IsQueryName ? owner : target;
            }
        }

        if (!owner.IsQueryName)
        {
            AddOnce(response.Additional, owner, slice, index);
        }
    }

    // Takes the last record back where one before says the same: another slice had the endpoint too.
    private static void RemoveRepeated(ResponseSection section)
    {
        var records = section.Records;
        for (var index = 0; index < records.Length - 1; index++)
        {
            if (records[index].Rdata.SequenceEqual(records[^1].Rdata))
            {
                section.Truncate(section.Count - 1);
                return;
            }
        }
    }

    private void AddTarget(Response response, ushort weight, int port, DnsName target)
    {
        var rdata = response.Reserve(ServicePrefix + target.Wire.Length, out var buffer, out var offset);
        BinaryPrimitives.WriteUInt16BigEndian(rdata, 0);
        BinaryPrimitives.WriteUInt16BigEndian(rdata[2..], weight);
        BinaryPrimitives.WriteUInt16BigEndian(rdata[4..], (ushort)port);
        target.Wire.CopyTo(rdata[ServicePrefix..]);
        response.Answer.Add(new ResponseRecord(
            NameRef.QueryName, RecordType.SRV, RecordClass.IN, serviceTtl, buffer, offset, rdata.Length));
    }

    private void AddOnce(ResponseSection section, NameRef owner, SliceRecords slice, int index)
    {
        var address = slice.Address(index);
        foreach (ref var record in section.Records)
        {
            if (record.Rdata.SequenceEqual(address) && record.Owner.IsQueryName == owner.IsQueryName
                && (owner.IsQueryName || record.Owner.Span.SequenceEqual(owner.Span)))
            {
                return;
            }
        }

        section.Add(new ResponseRecord(
            owner, slice.Type, RecordClass.IN, ttl, slice.Addresses, index * slice.AddressLength, slice.AddressLength));
    }

    // The next endpoint from an index on that is asked for; -1: none.
    private static int Next(SliceRecords slice, in ExternalMatch match, int from) => from >= slice.Count
        ? -1
        : match.Endpoint.IsEmpty ? from : slice.FindLabel(match.Endpoint, from);

    private static bool HasPort(SliceRecords slice, in ExternalMatch match)
    {
        foreach (ref readonly var port in slice.Ports.AsSpan())
        {
            if (match.Matches(in port))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsRepeated(PortRecord[] ports, int index, in ExternalMatch match)
    {
        for (var earlier = 0; earlier < index; earlier++)
        {
            if (ports[earlier].Number == ports[index].Number && match.Matches(in ports[earlier]))
            {
                return true;
            }
        }

        return false;
    }
}
