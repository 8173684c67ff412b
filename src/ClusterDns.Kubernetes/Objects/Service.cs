namespace ClusterDns.Kubernetes.Objects;

/// <summary>A Service, cut to what its DNS records are made of.</summary>
internal sealed class Service : ClusterObject
{
    private readonly ServiceAddresses _addresses;

    // Few Services have any of it.
    private readonly Outside? _outside;

    private bool _hasSelector;
    private uint _changedAt;

    public ServiceType Type { get; init; }

    /// <summary>Its endpoints are found for it. Moves no record, so another value is no other content.</summary>
    public bool HasSelector
    {
        get => _hasSelector;
        init => _hasSelector = value;
    }

    /// <summary>
    /// When somebody last wrote it, in Unix seconds, which is how exactly the API server says so; 0 where the source does not say.
    /// </summary>
    public uint ChangedAt
    {
        get => _changedAt;
        init => _changedAt = value;
    }

    /// <summary>Addresses as written; "None" alone when headless; empty for ExternalName. Made anew for each call.</summary>
    public string[] ClusterIPs
    {
        get => _addresses.ToArray();
        init => _addresses = new ServiceAddresses(value);
    }

    /// <summary><see cref="ClusterIPs"/> as they are kept.</summary>
    public ref readonly ServiceAddresses Addresses => ref _addresses;

    /// <summary>Target of an ExternalName Service as written, else null.</summary>
    public string? ExternalName
    {
        get => _outside?.Name;
        init => _outside = value is null ? _outside : (_outside ?? Outside.Nothing) with { Name = value };
    }

    public string[] ExternalIPs
    {
        get => _outside?.Addresses ?? [];
        init => _outside = value.Length == 0 ? _outside : (_outside ?? Outside.Nothing) with { Addresses = value };
    }

    public LoadBalancerIngress[] Ingress
    {
        get => _outside?.Ingress ?? [];
        init => _outside = value.Length == 0 ? _outside : (_outside ?? Outside.Nothing) with { Ingress = value };
    }

    public ServicePort[] Ports { get; init; } = [];

    public bool IsHeadless => _addresses.IsHeadless;

    public override bool HasContentOf(ClusterObject other) =>
        other is Service service
        && Type == service.Type
        && _addresses.Equals(in service._addresses)
        && Ports.AsSpan().SequenceEqual(service.Ports)
        && ExternalName == service.ExternalName
        && ExternalIPs.AsSpan().SequenceEqual(service.ExternalIPs)
        && Ingress.AsSpan().SequenceEqual(service.Ingress);

    public override void TakeVersionOf(ClusterObject newer)
    {
        base.TakeVersionOf(newer);
        if (newer is Service service)
        {
            _hasSelector = service._hasSelector;
            _changedAt = service._changedAt;
        }
    }

    private sealed record Outside(string? Name, string[] Addresses, LoadBalancerIngress[] Ingress)
    {
        public static readonly Outside Nothing = new(null, [], []);
    }
}
