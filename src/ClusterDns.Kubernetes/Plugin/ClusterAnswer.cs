using System.Buffers.Binary;
using ClusterDns.Core.Pipeline;
using ClusterDns.Kubernetes.Records;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Kubernetes.Plugin;

/// <summary>
/// Puts what was found into a response. Addresses are pointed at where they are; names are put together in the response's
/// memory, because their last part is the zone in the case it was asked for.
/// </summary>
internal static class ClusterAnswer
{
    // Priority, weight and port in front of the target (RFC 2782).
    private const int ServicePrefix = 6;

    private static ReadOnlySpan<byte> ServiceLabel => "\u0003svc"u8;

    private static ReadOnlySpan<byte> PodLabel => "\u0003pod"u8;

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
                var length = AddressKey.Write(match.PodAddress, octets);
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
                var target = AddService(response, WeightOf(match.Count), 0, default, default, match.Question.PodKey, PodLabel, zone, ttl);
                if (!target.IsQueryName)
                {
                    Span<byte> octets = stackalloc byte[16];
                    var length = AddressKey.Write(match.PodAddress, octets);
                    response.AddAdditional(target, TypeOf(length), ttl, octets[..length]);
                }

                break;
        }

        return response.Answer.Count;
    }

    /// <summary>Adds a PTR record unless it is there already.</summary>
    /// <param name="endpoint">Label of the endpoint with its length octet; empty for a Service's own address.</param>
    /// <param name="zone">The zone that names in PTR records are in.</param>
    public static void AddPointer(
        Response response, ReadOnlySpan<byte> endpoint, SliceRecords? slice, ServiceEntry service, ReadOnlySpan<byte> zone, uint ttl)
    {
        var name = Compose(response, 0, endpoint, slice?.Cluster, service.Key, ServiceLabel, zone, out var buffer, out var offset);
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

        response.Answer.Add(new ResponseRecord(NameRef.QueryName, RecordType.PTR, RecordClass.IN, ttl, buffer, offset, name.Length));
    }

    /// <summary>The name of a Service or of one of its endpoints in the response's memory; the query's name: it would be too long.</summary>
    public static NameRef ComposeName(
        Response response, ReadOnlySpan<byte> endpoint, SliceRecords? slice, ServiceEntry service, ReadOnlySpan<byte> zone)
    {
        var name = Compose(response, 0, endpoint, slice?.Cluster, service.Key, ServiceLabel, zone, out var buffer, out var offset);
        return name.IsEmpty ? NameRef.QueryName : new NameRef(buffer, offset, name.Length);
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
        return new ResponseRecord(owner, slice.Type, RecordClass.IN, ttl, slice.Addresses, endpoints.Index * length, length);
    }

    // Equal shares of 100, never 0 (RFC 2782: a weight of 0 is chosen hardly ever).
    private static ushort WeightOf(int count) => (ushort)Math.Max(1, 100 / count);

    private static void AddOwn(Response response, in ClusterMatch match, ReadOnlySpan<byte> zone, uint ttl)
    {
        var records = match.Records!; // Not null for this kind.
        var owner = NameRef.QueryName;
        for (var index = 0; index < records.Ports.Length; index++)
        {
            ref readonly var port = ref records.Ports[index];
            if (port.Number >= 0
                && port.Matches(match.Question.Port, match.Question.Protocol)
                && !IsRepeated(records.Ports, index, in match.Question))
            {
                owner = AddService(
                    response, WeightOf(match.Count), port.Number, default, default, match.Service!.Key, ServiceLabel, zone, ttl);
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
            if (ports[earlier].Number == ports[index].Number && ports[earlier].Matches(question.Port, question.Protocol))
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
        while (endpoints.MoveNext())
        {
            var slice = endpoints.Slice;
            var label = slice.Label(endpoints.Index);
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
                    owner = AddService(
                        response, weight, port.Number, label, slice.Cluster, match.Service!.Key, ServiceLabel, zone, ttl);
                }
            }

            if (hasPort && !endpoints.IsRepeatedAddress(sameLabel: true))
            {
                owner = owner.IsQueryName ? ComposeName(response, label, slice, match.Service!, zone) : owner;
                response.Additional.Add(AddressOf(owner, in endpoints, ttl));
            }
        }
    }

    // The target of the record that was added; the query's name where it would be too long for one.
    private static NameRef AddService(
        Response response,
        ushort weight,
        int port,
        ReadOnlySpan<byte> endpoint,
        ReadOnlySpan<byte> cluster,
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> type,
        ReadOnlySpan<byte> zone,
        uint ttl)
    {
        var rdata = Compose(response, ServicePrefix, endpoint, cluster, key, type, zone, out var buffer, out var offset);
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

    // Room in front, then [ENDPOINT.][CLUSTER.]SERVICE.NAMESPACE.svc.ZONE; empty where that is longer than a name may be.
    private static Span<byte> Compose(
        Response response,
        int prefix,
        ReadOnlySpan<byte> endpoint,
        ReadOnlySpan<byte> cluster,
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> type,
        ReadOnlySpan<byte> zone,
        out byte[] buffer,
        out int offset)
    {
        var clusterLength = cluster.IsEmpty ? 0 : cluster.Length + 1;
        var length = endpoint.Length + clusterLength + key.Length + type.Length + zone.Length;
        if (length > NameSpan.MaxLength)
        {
            buffer = [];
            offset = 0;
            return default;
        }

        var room = response.Reserve(prefix + length, out buffer, out offset);
        var name = room[prefix..];
        endpoint.CopyTo(name);
        name = name[endpoint.Length..];
        if (clusterLength > 0)
        {
            name[0] = (byte)cluster.Length;
            cluster.CopyTo(name[1..]);
            name = name[clusterLength..];
        }

        key.CopyTo(name);
        type.CopyTo(name[key.Length..]);
        zone.CopyTo(name[(key.Length + type.Length)..]);
        return room;
    }
}
