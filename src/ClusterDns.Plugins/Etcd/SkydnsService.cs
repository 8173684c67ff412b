using System.Text;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Etcd;

/// <summary>One key of etcd, ready to make records of.</summary>
/// <param name="Key">Where it was found: the name that stands for it.</param>
/// <param name="Depth">Parts of the key.</param>
/// <param name="Target">The host where it is a name; null where it is an address or nothing.</param>
/// <param name="Address">The host where it is an address.</param>
internal sealed record SkydnsService(
    DnsName Key,
    int Depth,
    string Host,
    DnsName? Target,
    IPAddressValue? Address,
    ushort Port,
    ushort Priority,
    int Weight,
    string Text,
    bool IsMail,
    uint Ttl,
    int TargetStrip,
    string Group)
{
    // What a service without a priority has.
    private const int DefaultPriority = 10;

    /// <summary>What the service answers by itself: A, AAAA, TXT, or CNAME where it points to another name.</summary>
    public RecordType Kind => Address is { } address
        ? address.IsIPv4 ? RecordType.A : RecordType.AAAA
        : Text.Length > 0 ? RecordType.TXT : RecordType.CNAME;

    public static SkydnsService From(SkydnsValue value, DnsName key, int depth, uint ttl)
    {
        var host = value.Host ?? "";
        IPAddressValue? address = IPAddressValue.TryParse(host, out var parsed) ? parsed : null;
        var target = address is null && host.Length > 0 && DnsName.TryParse(host, out var name) ? name : null;
        return new SkydnsService(
            key,
            depth,
            host,
            target,
            address,
            (ushort)value.Port,
            (ushort)(value.Priority == 0 ? DefaultPriority : value.Priority),
            (int)Math.Clamp(value.Weight, 0, int.MaxValue),
            value.Text ?? "",
            value.Mail,
            ttl,
            value.Targetstrip,
            value.Group ?? "");
    }

    /// <summary>The name that SRV, MX and NS records point to: the host, or the key's name where that is an address.</summary>
    public DnsName PointedName
    {
        get
        {
            var name = Target ?? Key;
            return TargetStrip > 0 && TargetStrip < name.LabelCount ? name.Span.Suffix(name.LabelCount - TargetStrip).ToName() : name;
        }
    }

    public ResourceRecord ToAddress(DnsName owner)
    {
        // Asked only of services with an address.
        var address = Address.GetValueOrDefault();
        var rdata = new byte[address.IsIPv4 ? 4 : 16];
        address.WriteOctets(rdata);
        return new ResourceRecord(owner, address.IsIPv4 ? RecordType.A : RecordType.AAAA, RecordClass.IN, Ttl, rdata);
    }

    public ResourceRecord ToText(DnsName owner)
    {
        var text = Encoding.UTF8.GetBytes(Text);
        var rdata = new List<byte>(text.Length + 1 + (text.Length / 255));
        for (var offset = 0; offset == 0 || offset < text.Length; offset += 255)
        {
            var part = text.AsSpan(offset, Math.Min(255, text.Length - offset));
            rdata.Add((byte)part.Length);
            rdata.AddRange(part);
        }

        return new ResourceRecord(owner, RecordType.TXT, RecordClass.IN, Ttl, [.. rdata]);
    }

    public ResourceRecord ToSrv(DnsName owner, ushort weight) => new(
        owner,
        RecordType.SRV,
        RecordClass.IN,
        Ttl,
        [(byte)(Priority >> 8), (byte)Priority, (byte)(weight >> 8), (byte)weight, (byte)(Port >> 8), (byte)Port, .. PointedName.Wire]);

    public ResourceRecord ToMx(DnsName owner) =>
        new(owner, RecordType.MX, RecordClass.IN, Ttl, [(byte)(Priority >> 8), (byte)Priority, .. PointedName.Wire]);

    /// <summary>A record whose RDATA is one name.</summary>
    public ResourceRecord ToPointer(DnsName owner, RecordType type, DnsName target) => new(owner, type, RecordClass.IN, Ttl, target.Wire);
}
