using ClusterDns.Core.Pipeline;
using ClusterDns.Kubernetes.Records;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Kubernetes.Plugin;

/// <summary>A name of a cluster's zone in its parts, to be put together in a response's memory.</summary>
internal readonly ref struct ClusterName
{
    private readonly ReadOnlySpan<byte> _endpoint;
    private readonly ReadOnlySpan<byte> _cluster;
    private readonly ReadOnlySpan<byte> _key;
    private readonly ReadOnlySpan<byte> _type;
    private readonly ReadOnlySpan<byte> _zone;

    private ClusterName(
        ReadOnlySpan<byte> endpoint,
        ReadOnlySpan<byte> cluster,
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> type,
        ReadOnlySpan<byte> zone)
    {
        _endpoint = endpoint;
        _cluster = cluster;
        _key = key;
        _type = type;
        _zone = zone;
    }

    private static ReadOnlySpan<byte> ServiceLabel => "\u0003svc"u8;

    private static ReadOnlySpan<byte> PodLabel => "\u0003pod"u8;

    /// <param name="zone">In the case the name is to have.</param>
    public static ClusterName OfService(ServiceEntry service, ReadOnlySpan<byte> zone) =>
        new(default, default, service.Key, ServiceLabel, zone);

    /// <param name="index">Of the endpoint in its slice.</param>
    /// <param name="zone">In the case the name is to have.</param>
    /// <param name="room">As for <see cref="SliceRecords.Label"/>, for as long as the name.</param>
    public static ClusterName OfEndpoint(SliceRecords slice, int index, ReadOnlySpan<byte> zone, Span<byte> room) =>
        new(slice.Label(index, room), slice.Cluster, slice.Service.Key, ServiceLabel, zone);

    /// <summary>The name that <c>k8s_external</c> has for a Service: without the label of Services.</summary>
    public static ClusterName OfExternal(ServiceEntry service, ReadOnlySpan<byte> zone) =>
        new(default, default, service.Key, default, zone);

    /// <param name="index">Of the endpoint in its slice.</param>
    /// <param name="zone">In the case the name is to have.</param>
    /// <param name="room">As for <see cref="SliceRecords.Label"/>, for as long as the name.</param>
    public static ClusterName OfExternalEndpoint(SliceRecords slice, int index, ReadOnlySpan<byte> zone, Span<byte> room) =>
        new(slice.Label(index, room), default, slice.Service.Key, default, zone);

    /// <param name="key">The labels of address and namespace in wire form.</param>
    /// <param name="zone">In the case the name is to have.</param>
    public static ClusterName OfPod(ReadOnlySpan<byte> key, ReadOnlySpan<byte> zone) =>
        new(default, default, key, PodLabel, zone);

    /// <summary>
    /// The name in the response's memory; the query's name where it would be longer than a name may be.
    /// </summary>
    public NameRef Compose(Response response)
    {
        var name = Compose(response, 0, out var buffer, out var offset);
        return name.IsEmpty ? NameRef.QueryName : new NameRef(buffer, offset, name.Length);
    }

    /// <summary>The name behind room for other RDATA; empty where it would be longer than a name may be.</summary>
    /// <param name="prefix">Octets of that room.</param>
    public Span<byte> Compose(Response response, int prefix, out byte[] buffer, out int offset)
    {
        var clusterLength = _cluster.IsEmpty ? 0 : _cluster.Length + 1;
        var length = _endpoint.Length + clusterLength + _key.Length + _type.Length + _zone.Length;
        if (length > NameSpan.MaxLength)
        {
            buffer = [];
            offset = 0;
            return default;
        }

        var room = response.Reserve(prefix + length, out buffer, out offset);
        var rest = Append(room[prefix..], _endpoint);
        if (clusterLength > 0)
        {
            rest[0] = (byte)_cluster.Length;
            rest = Append(rest[1..], _cluster);
        }

        _ = Append(Append(Append(rest, _key), _type), _zone);
        return room;
    }

    private static Span<byte> Append(Span<byte> destination, ReadOnlySpan<byte> part)
    {
        part.CopyTo(destination);
        return destination[part.Length..];
    }
}
