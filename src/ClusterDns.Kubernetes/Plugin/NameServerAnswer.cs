using System.Net.NetworkInformation;
using System.Net.Sockets;
using ClusterDns.Core.Pipeline;
using ClusterDns.Kubernetes.Records;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Kubernetes.Plugin;

/// <summary>
/// The zone's name servers: the Services that have this process among their endpoints, by the addresses of its
/// interfaces; where there are none, <c>ns.dns.ZONE</c> with those addresses themselves.
/// </summary>
/// <param name="local">Addresses of this host, 4 or 16 octets each.</param>
internal sealed class NameServerAnswer(ClusterZone records, byte[][] local)
{
    private static ReadOnlySpan<byte> OwnLabels => "\u0002ns\u0003dns"u8;

    /// <summary>Addresses of this host that others can reach.</summary>
    public static byte[][] ReadLocalAddresses() =>
    [
        .. NetworkInterface.GetAllNetworkInterfaces()
            .Where(static card => card.OperationalStatus is OperationalStatus.Up)
            .SelectMany(static card => card.GetIPProperties().UnicastAddresses)
            .Select(static unicast => unicast.Address)
            .Where(static address => !System.Net.IPAddress.IsLoopback(address)
                && address.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6)
            .Select(static address => address.GetAddressBytes()),
    ];

    /// <summary>Adds the NS records of the apex, and the servers' addresses as additional ones.</summary>
    /// <param name="addressTtl">Of the additional records.</param>
    public void AddServers(Response response, ReadOnlySpan<byte> zone, uint ttl, uint addressTtl)
    {
        var found = false;
        foreach (var address in local)
        {
            if (records.Addresses.Find(AddressKey.Of(address)) is not { } entry)
            {
                continue;
            }

            var slices = entry.Slices;
            found |= slices.Count > 0;
            for (var index = 0; index < slices.Count; index++)
            {
                AddServers(response, slices[index], zone, ttl, addressTtl);
            }
        }

        if (!found && local.Length > 0)
        {
            var name = Own(response, zone);
            AddServer(response, name, ttl);
            foreach (var address in local)
            {
                AddAddress(response.Additional, name, address, addressTtl);
            }
        }
    }

    /// <summary>Adds the addresses of <c>ns.dns.ZONE</c>: those of all name servers.</summary>
    public void AddAddresses(Response response, RecordType type, NameRef owner, uint ttl)
    {
        var found = false;
        foreach (var address in local)
        {
            if (records.Addresses.Find(AddressKey.Of(address)) is not { } entry)
            {
                continue;
            }

            var slices = entry.Slices;
            found |= slices.Count > 0;
            for (var index = 0; index < slices.Count; index++)
            {
                AddAddresses(response, slices[index], type, owner, ttl);
            }
        }

        for (var index = 0; !found && index < local.Length; index++)
        {
            if (TypeOf(local[index]) == type)
            {
                AddAddress(response.Answer, owner, local[index], ttl);
            }
        }
    }

    /// <summary>
    /// Adds the addresses by which the Services that have this process among their endpoints are reached from outside;
    /// where it is nobody's endpoint, those of this host.
    /// </summary>
    /// <param name="type">A or AAAA; null: both.</param>
    /// <param name="headless">A headless Service stands for its endpoints.</param>
    public void AddExternal(ResponseSection section, RecordType? type, NameRef owner, bool headless, uint ttl)
    {
        var found = false;
        foreach (var address in local)
        {
            if (records.Addresses.Find(AddressKey.Of(address)) is not { } entry)
            {
                continue;
            }

            var slices = entry.Slices;
            found |= slices.Count > 0;
            for (var index = 0; index < slices.Count; index++)
            {
                AddExternal(section, slices[index], type, owner, headless, ttl);
            }
        }

        for (var index = 0; !found && index < local.Length; index++)
        {
            if (type is null || TypeOf(local[index]) == type)
            {
                AddAddress(section, owner, local[index], ttl);
            }
        }
    }

    private static void AddExternal(
        ResponseSection section, SliceRecords slice, RecordType? type, NameRef owner, bool headless, uint ttl)
    {
        if (headless && slice.Service.Records is { Kind: ServiceKind.Headless })
        {
            if (type is null || slice.Type == type)
            {
                AddAll(section, owner, slice.Addresses, slice.AddressLength, ttl);
            }
        }
        else if (slice.Service.External is { } external)
        {
            AddAll(section, owner, type is RecordType.AAAA ? [] : external.IPv4, 4, ttl);
            AddAll(section, owner, type is RecordType.A ? [] : external.IPv6, 16, ttl);
        }
    }

    private static RecordType TypeOf(byte[] address) => address.Length == 4 ? RecordType.A : RecordType.AAAA;

    private static NameRef Own(Response response, ReadOnlySpan<byte> zone)
    {
        var name = response.Reserve(OwnLabels.Length + zone.Length, out var buffer, out var offset);
        OwnLabels.CopyTo(name);
        zone.CopyTo(name[OwnLabels.Length..]);
        return new NameRef(buffer, offset, name.Length);
    }

    private static void AddServers(
        Response response, SliceRecords slice, ReadOnlySpan<byte> zone, uint ttl, uint addressTtl)
    {
        Span<byte> room = stackalloc byte[EndpointLabel.LongestIPv4];
        switch (slice.Service.Records)
        {
            case { Kind: ServiceKind.Headless }:
                for (var index = 0; index < slice.Count; index++)
                {
                    var endpoint = ClusterName.OfEndpoint(slice, index, zone, room).Compose(response);
                    if (!endpoint.IsQueryName)
                    {
                        AddServer(response, endpoint, ttl);
                        AddAddress(
                            response.Additional, endpoint, slice.Addresses, index, slice.AddressLength, addressTtl);
                    }
                }

                break;
            case { Kind: ServiceKind.ClusterIP } service:
                var name = ClusterName.OfService(slice.Service, zone).Compose(response);
                if (!name.IsQueryName && service.AddressCount > 0)
                {
                    AddServer(response, name, ttl);
                    AddAll(response.Additional, name, service.IPv4, 4, addressTtl);
                    AddAll(response.Additional, name, service.IPv6, 16, addressTtl);
                }

                break;
        }
    }

    private static void AddAddresses(Response response, SliceRecords slice, RecordType type, NameRef owner, uint ttl)
    {
        switch (slice.Service.Records)
        {
            case { Kind: ServiceKind.Headless } when slice.Type == type:
                AddAll(response.Answer, owner, slice.Addresses, slice.AddressLength, ttl);
                break;
            case { Kind: ServiceKind.ClusterIP } service:
                AddAll(response.Answer, owner, service.Addresses(type), type is RecordType.A ? 4 : 16, ttl);
                break;
        }
    }

    private static void AddServer(Response response, NameRef name, uint ttl)
    {
        foreach (ref var record in response.Answer.Records)
        {
            if (record.Type is RecordType.NS && record.Rdata.SequenceEqual(name.Span.Wire))
            {
                return;
            }
        }

        response.AddAnswer(NameRef.QueryName, RecordType.NS, ttl, name.Span.Wire);
    }

    private static void AddAll(ResponseSection section, NameRef owner, byte[] addresses, int length, uint ttl)
    {
        for (var index = 0; index < addresses.Length / length; index++)
        {
            AddAddress(section, owner, addresses, index, length, ttl);
        }
    }

    private static void AddAddress(ResponseSection section, NameRef owner, byte[] address, uint ttl) =>
        AddAddress(section, owner, address, 0, address.Length, ttl);

    private static void AddAddress(
        ResponseSection section, NameRef owner, byte[] addresses, int index, int length, uint ttl)
    {
        var address = addresses.AsSpan(index * length, length);
        foreach (ref var record in section.Records)
        {
            if (record.Rdata.SequenceEqual(address)
                && record.Owner.IsQueryName == owner.IsQueryName
                && (owner.IsQueryName || record.Owner.Span.SequenceEqual(owner.Span)))
            {
                return;
            }
        }

        var type = length == 4 ? RecordType.A : RecordType.AAAA;
        section.Add(new ResponseRecord(owner, type, RecordClass.IN, ttl, addresses, index * length, length));
    }
}
