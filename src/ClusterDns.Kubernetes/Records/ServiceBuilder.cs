using ClusterDns.Kubernetes.Objects;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Kubernetes.Records;

/// <summary>
/// Makes the records of a Service out of it and its slices: a pure function but for the room it keeps. For the writer
/// alone.
/// </summary>
internal sealed class ServiceBuilder(RecordOptions options, PortList ports)
{
    private readonly HashSet<AddressKey> _seen = [];
    private byte[] _buffer = new byte[256];
    private int _used;

    /// <summary>Null where the Service can have no records: an ExternalName that is no name.</summary>
    /// <param name="known">An older state, whose parts are used again where they are the same.</param>
    public ServiceRecords? Build(Service service, SliceRecords[] slices, ServiceRecords? known)
    {
        var list = PortList.Share(ports.Create(service.Ports), known?.Ports);
        if (service.Type is ServiceType.ExternalName)
        {
            return TryParseTarget(service.ExternalName, out var target)
                ? new ServiceRecords { Kind = ServiceKind.ExternalName, Ports = list, Target = target, Slices = slices }
                : null;
        }

        if (service.IsHeadless)
        {
            return BuildHeadless(slices, list, known);
        }

        var ipv4 = Collect(in service.Addresses, 4, known?.IPv4, out var countIPv4);
        var ipv6 = Collect(in service.Addresses, 16, known?.IPv6, out var countIPv6);
        return new ServiceRecords
        {
            Kind = ServiceKind.ClusterIP,
            Ports = list,
            Slices = slices,
            IPv4 = ipv4,
            IPv6 = ipv6,
            AddressCount = countIPv4 + countIPv6,
            IsHidden = options.IgnoreEmptyService && Array.TrueForAll(slices, static slice => slice.Count == 0),
        };
    }

    /// <summary>Null where the Service is not reached from outside.</summary>
    /// <param name="known">An older state, given back where it is the same.</param>
    public ExternalRecords? BuildExternal(Service service, ExternalRecords? known)
    {
        if (service.ExternalIPs.Length + service.Ingress.Length == 0)
        {
            return null;
        }

        // A load balancer's name counts only where it gives no address.
        string[] addresses =
        [
            .. service.ExternalIPs,
            .. service.Ingress.Select(static ingress => string.IsNullOrEmpty(ingress.IP) ? ingress.Hostname ?? "" : ingress.IP),
        ];
        var targets = new List<DnsName>();
        var named = 0;
        foreach (var text in addresses)
        {
            if (TryParseTarget(text, out var target))
            {
                named++;
                if (!targets.Contains(target!))
                {
                    targets.Add(target!); // Not null: it was read.
                }
            }
        }

        var ipv4 = Collect(addresses, 4, known?.IPv4, out var countIPv4);
        var ipv6 = Collect(addresses, 16, known?.IPv6, out var countIPv6);
        var count = countIPv4 + countIPv6 + named;
        var records = new ExternalRecords
        {
            IPv4 = ipv4,
            IPv6 = ipv6,
            Targets = [.. targets],
            Count = count,
            Ports = PortList.Share(ports.Create(service.Ports), known?.Ports),
        };
        return count == 0 ? null : known is not null && known.IsSame(records) ? known : records;
    }

    private ServiceRecords BuildHeadless(SliceRecords[] slices, PortRecord[] list, ServiceRecords? known)
    {
        var ipv4 = Collect(slices, RecordType.A, known?.IPv4);
        var ipv6 = Collect(slices, RecordType.AAAA, known?.IPv6);
        var endpoints = 0;
        var hasNames = false;
        foreach (var slice in slices)
        {
            endpoints += slice.Count;
            hasNames |= slice.HasNames;
        }

        return new ServiceRecords
        {
            Kind = ServiceKind.Headless,
            Ports = list,
            Slices = slices,
            IPv4 = ipv4,
            IPv6 = ipv6,
            MayRepeat = hasNames || endpoints != (ipv4.Length / 4) + (ipv6.Length / 16),
        };
    }

    private static bool TryParseTarget(string? text, out DnsName? target)
    {
        target = null;
        Span<byte> address = stackalloc byte[16];
        return !string.IsNullOrEmpty(text)
            && !AddressText.TryParse(text, address, out _)
            && DnsName.TryParse(text, out target)
            && !target.IsRoot;
    }

    private byte[] Collect(string[] texts, int addressLength, byte[]? known, out int count)
    {
        Begin();
        count = 0;
        Span<byte> address = stackalloc byte[16];
        foreach (var text in texts)
        {
            if (AddressText.TryParse(text, address, out var length) && length == addressLength)
            {
                count++;
                Append(address[..length]);
            }
        }

        return Finish(known);
    }

    private byte[] Collect(in ServiceAddresses addresses, int addressLength, byte[]? known, out int count)
    {
        Begin();
        count = 0;
        Span<byte> address = stackalloc byte[16];
        Span<char> room = stackalloc char[ServiceAddresses.LongestNumber];
        for (var index = 0; index < addresses.Count; index++)
        {
            if (AddressText.TryParse(addresses[index, room], address, out var length) && length == addressLength)
            {
                count++;
                Append(address[..length]);
            }
        }

        return Finish(known);
    }

    private byte[] Collect(SliceRecords[] slices, RecordType type, byte[]? known)
    {
        Begin();
        foreach (var slice in slices)
        {
            for (var index = 0; slice.Type == type && index < slice.Count; index++)
            {
                Append(slice.Address(index));
            }
        }

        // Most have one slice, which has these addresses already.
        return Finish(known, slices is [var only] ? only.Addresses : null);
    }

    private void Begin()
    {
        _seen.Clear();
        _used = 0;
    }

    private void Append(ReadOnlySpan<byte> address)
    {
        if (!_seen.Add(AddressKey.Of(address)))
        {
            return;
        }

        if (_used + address.Length > _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        address.CopyTo(_buffer.AsSpan(_used));
        _used += address.Length;
    }

    private byte[] Finish(byte[]? known, byte[]? other = null)
    {
        var collected = _buffer.AsSpan(0, _used);
        return known is not null && collected.SequenceEqual(known) ? known
            : other is not null && collected.SequenceEqual(other) ? other
            : _used == 0 ? []
            : collected.ToArray();
    }
}
