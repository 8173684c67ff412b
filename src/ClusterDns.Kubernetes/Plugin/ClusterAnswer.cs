using System.Buffers.Binary;
using ClusterDns.Core.Pipeline;
using ClusterDns.Kubernetes.Records;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Kubernetes.Plugin;

/// <summary>
/// Puts what was found into a response. Addresses are pointed at where they are; names are put together in the
/// response's memory, because their last part is the zone in the case it was asked for.
/// </summary>
internal static class ClusterAnswer
{
    // Priority, weight and port in front of the target (RFC 2782).
    private const int ServicePrefix = 6;

    /// <summary>Adds A or AAAA records; says how many.</summary>
    public static int AddAddresses(Response response, NameRef owner, in ClusterMatch match, RecordType type, uint ttl)
    {
        var before = response.Answer.Count;
        switch (match.Kind)
        {
            case MatchKind.ClusterIP:
            case MatchKind.AllEndpoints:
                Add(response.Answer, owner, type, ttl, match.Records!.Addresses(type)); // Not null for these kinds.
                break;
            case MatchKind.SomeEndpoints:
                var endpoints = match.Endpoints();
                while (endpoints.MoveNext())
                {
                    if (endpoints.Slice.Type == type && !endpoints.IsRepeatedAddress(sameLabel: false))
                    {
                        response.Answer.Add(AddressOf(owner, in endpoints, ttl));
                    }
                }

                break;
            case MatchKind.Pod:
                Span<byte> octets = stackalloc byte[16];
                var length = match.PodAddress.Write(octets);
                if (type == TypeOf(length))
                {
                    response.AddAnswer(owner, type, ttl, octets[..length]);
                }

                break;
        }

        return response.Answer.Count - before;
    }

    /// <summary>Adds SRV records, and the addresses of their targets as additional ones; says how many.</summary>
    /// <param name="zone">The zone's part of the query's name.</param>
    public static int AddServices(Response response, in ClusterMatch match, ReadOnlySpan<byte> zone, uint ttl)
    {
        switch (match.Kind)
        {
            case MatchKind.ClusterIP:
                AddOwn(response, in match, zone, ttl);
                break;
            case MatchKind.AllEndpoints:
            case MatchKind.SomeEndpoints:
                AddEndpoints(response, in match, zone, ttl);
                break;
            case MatchKind.Pod:
                var pod = ClusterName.OfPod(match.Question.PodKey, zone);
                var target = AddService(response, WeightOf(match.Count), port: 0, pod, ttl);
                if (!target.IsQueryName)
                {
                    Span<byte> octets = stackalloc byte[16];
                    var length = match.PodAddress.Write(octets);
                    response.AddAdditional(target, TypeOf(length), ttl, octets[..length]);
                }

                break;
        }

        return response.Answer.Count;
    }

    /// <summary>Adds a PTR record unless it is there already.</summary>
    public static void AddPointer(Response response, ClusterName target, uint ttl)
    {
        var name = target.Compose(response, 0, out var buffer, out var offset);
        if (name.IsEmpty)
        {
            return;
        }

        foreach (ref var record in response.Answer.Records)
        {
            if (record.Rdata.SequenceEqual(name))
            {
                return;
            }
        }

        response.Answer.Add(
            new ResponseRecord(NameRef.QueryName, RecordType.PTR, RecordClass.IN, ttl, buffer, offset, name.Length));
    }

    /// <summary>Adds one record for each address of an array that holds them one behind the other.</summary>
    public static void Add(ResponseSection section, NameRef owner, RecordType type, uint ttl, byte[] addresses)
    {
        var length = type is RecordType.A ? 4 : 16;
        for (var offset = 0; offset < addresses.Length; offset += length)
        {
            section.Add(new ResponseRecord(owner, type, RecordClass.IN, ttl, addresses, offset, length));
        }
    }

    private static RecordType TypeOf(int addressLength) => addressLength == 4 ? RecordType.A : RecordType.AAAA;

    private static ResponseRecord AddressOf(NameRef owner, in EndpointCursor endpoints, uint ttl)
    {
        var slice = endpoints.Slice;
        var length = slice.AddressLength;
        var offset = endpoints.Index * length;
        return new ResponseRecord(owner, slice.Type, RecordClass.IN, ttl, slice.Addresses, offset, length);
    }

    // Equal shares of 100, never 0 (RFC 2782: a weight of 0 is chosen hardly ever).
    private static ushort WeightOf(int count) => (ushort)Math.Max(1, 100 / count);

    private static void AddOwn(Response response, in ClusterMatch match, ReadOnlySpan<byte> zone, uint ttl)
    {
        var records = match.Records!; // Not null for this kind, and neither is the entry.
        var name = ClusterName.OfService(match.Service!, zone);
        var owner = NameRef.QueryName;
        for (var index = 0; index < records.Ports.Length; index++)
        {
            ref readonly var port = ref records.Ports[index];
            if (port.Number >= 0
                && port.Matches(match.Question.Port, match.Question.Protocol)
                && !IsRepeated(records.Ports, index, in match.Question))
            {
                owner = AddService(response, WeightOf(match.Count), port.Number, name, ttl);
            }
        }

        if (!owner.IsQueryName)
        {
            Add(response.Additional, owner, RecordType.A, ttl, records.IPv4);
            Add(response.Additional, owner, RecordType.AAAA, ttl, records.IPv6);
        }
    }

    private static bool IsRepeated(PortRecord[] ports, int index, in ClusterQuestion question)
    {
        for (var earlier = 0; earlier < index; earlier++)
        {
            if (ports[earlier].Number == ports[index].Number
                && ports[earlier].Matches(question.Port, question.Protocol))
            {
                return true;
            }
        }

        return false;
    }

    private static void AddEndpoints(Response response, in ClusterMatch match, ReadOnlySpan<byte> zone, uint ttl)
    {
        var weight = WeightOf(match.Count);
        var endpoints = match.Endpoints();
        Span<byte> room = stackalloc byte[EndpointLabel.LongestIPv4];
        while (endpoints.MoveNext())
        {
            var slice = endpoints.Slice;
            var name = ClusterName.OfEndpoint(slice, endpoints.Index, zone, room);
            var owner = NameRef.QueryName;
            var hasPort = false;
            for (var index = 0; index < slice.Ports.Length; index++)
            {
                ref readonly var port = ref slice.Ports[index];
                if (port.Number < 0 || !port.Matches(match.Question.Port, match.Question.Protocol))
                {
                    continue;
                }

                hasPort = true;
                if (!endpoints.IsRepeatedPort(index))
                {
                    owner = AddService(response, weight, port.Number, name, ttl);
                }
            }

            if (hasPort && !endpoints.IsRepeatedAddress(sameLabel: true))
            {
                owner = owner.IsQueryName ? name.Compose(response) : owner;
                response.Additional.Add(AddressOf(owner, in endpoints, ttl));
            }
        }
    }

    /// <summary>Adds one SRV record: its target; the query's name where it would be too long for one.</summary>
    public static NameRef AddService(Response response, ushort weight, int port, ClusterName name, uint ttl)
    {
        var rdata = name.Compose(response, ServicePrefix, out var buffer, out var offset);
        if (rdata.IsEmpty)
        {
            return NameRef.QueryName;
        }

        BinaryPrimitives.WriteUInt16BigEndian(rdata, 0);
        BinaryPrimitives.WriteUInt16BigEndian(rdata[2..], weight);
        BinaryPrimitives.WriteUInt16BigEndian(rdata[4..], (ushort)port);
        response.Answer.Add(
            new ResponseRecord(NameRef.QueryName, RecordType.SRV, RecordClass.IN, ttl, buffer, offset, rdata.Length));
        return new NameRef(buffer, offset + ServicePrefix, rdata.Length - ServicePrefix);
    }
}
