using ClusterDns.Kubernetes.Objects;

namespace ClusterDns.UnitTests.Kubernetes.Records;

/// <summary>Objects of a cluster in few words.</summary>
internal static class TestCluster
{
    public static Namespace Namespace(string name) => new() { Namespace = "", Name = name };

    /// <param name="address">"None" for a headless Service; more behind commas.</param>
    /// <param name="ports">Such as <c>http/tcp/80</c>, several behind spaces; a port without a name starts with a
    /// slash.</param>
    public static Service Service(string space, string name, string address, string ports = "http/TCP/80") => new()
    {
        Namespace = space,
        Name = name,
        ClusterIPs = address.Split(','),
        Ports = Ports(ports),
    };

    /// <param name="external">Addresses and names of load balancers behind spaces; an external address has a plus in front.</param>
    public static Service Balanced(string space, string name, string external, string ports = "http/TCP/80", string address = "10.96.0.1") => new()
    {
        Namespace = space,
        Name = name,
        ClusterIPs = [address],
        Ports = Ports(ports),
        ExternalIPs = [.. external.Split(' ').Where(static text => text.StartsWith('+')).Select(static text => text[1..])],
        Ingress = [.. external.Split(' ').Where(static text => !text.StartsWith('+')).Select(static text =>
            char.IsAsciiDigit(text[0]) ? new LoadBalancerIngress(text, null) : new LoadBalancerIngress(null, text))],
    };

    public static Service Alias(string space, string name, string target) => new()
    {
        Namespace = space,
        Name = name,
        Type = ServiceType.ExternalName,
        ExternalName = target,
    };

    /// <param name="endpoints">Such as <c>10.0.0.1</c> or <c>db-0@10.0.0.1</c>, several behind spaces; not ready: a
    /// minus in front.</param>
    public static EndpointSlice Slice(
        string space, string service, string name, string endpoints, string ports = "http/TCP/80") => new()
        {
            Namespace = space,
            Name = name,
            ServiceName = service,
            AddressType = endpoints.Contains(':', StringComparison.Ordinal) ? AddressType.IPv6 : AddressType.IPv4,
            Endpoints = [.. endpoints.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Endpoint)],
            Ports = Ports(ports),
        };

    public static Pod Pod(string space, string name, string? address) =>
        new() { Namespace = space, Name = name, PodIP = address };

    private static Endpoint Endpoint(string text)
    {
        var ready = !text.StartsWith('-');
        var parts = text.TrimStart('-').Split('@');
        return new Endpoint
        {
            Addresses = [parts[^1]],
            Hostname = parts.Length == 2 ? parts[0] : null,
            Ready = ready,
            TargetName = "pod-" + parts[^1].Replace('.', 'x'),
            TargetKind = "Pod",
        };
    }

    private static ServicePort[] Ports(string ports) =>
    [
        .. ports.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static port => port.Split('/'))
            .Select(static parts => new ServicePort(parts[0], parts[1], ushort.Parse(parts[2]))),
    ];
}
