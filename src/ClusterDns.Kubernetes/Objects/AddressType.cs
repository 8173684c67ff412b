namespace ClusterDns.Kubernetes.Objects;

/// <summary>What the addresses of an EndpointSlice are; Other is anything that has no address record (FQDN).</summary>
internal enum AddressType : byte
{
    Other,
    IPv4,
    IPv6,
}
