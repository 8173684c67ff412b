using ClusterDns.Core.Pipeline;
using ClusterDns.Kubernetes.Plugin;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Kubernetes.External;

/// <summary>One zone of the directive with the names that its own records have.</summary>
internal sealed class ExternalZone
{
    private readonly byte[] _authority;

    public ExternalZone(DnsName name, DnsName apex)
    {
        Name = name;
        Labels = name.LabelCount;
        Apex = Join(apex.Wire.AsSpan(0, apex.Wire.Length - 1), name);
        Server = Join("\u0003ns1"u8, Apex);
        _authority = [.. Server.Wire, .. Join("\u000ahostmaster"u8, Apex).Wire];
    }

    /// <summary>Lower-cased.</summary>
    public DnsName Name { get; }

    public int Labels { get; }

    /// <summary>Stands above the server's name and has no records.</summary>
    public DnsName Apex { get; }

    public DnsName Server { get; }

    /// <summary>Adds the SOA record (RFC 1035 §3.3.13).</summary>
    public void AddAuthority(Response response, ResponseSection section, uint serial, uint ttl)
    {
        var length = _authority.Length + ZoneAuthority.Numbers;
        var rdata = response.Reserve(length, out var buffer, out var offset);
        _authority.CopyTo(rdata);
        ZoneAuthority.WriteNumbers(rdata[_authority.Length..], serial, ttl);
        section.Add(new ResponseRecord(Name, RecordType.SOA, RecordClass.IN, ttl, buffer, offset, length));
    }

    /// <exception cref="ArgumentException">It would be longer than a name may be.</exception>
    private static DnsName Join(ReadOnlySpan<byte> labels, DnsName name)
    {
        byte[] wire = [.. labels, .. name.Wire];
        return wire.Length <= NameSpan.MaxLength ? DnsName.FromWire(wire) : throw new ArgumentException("the name is too long", nameof(name));
    }
}
