using ClusterDns.Protocol.Names;

namespace ClusterDns.Protocol.Records;

/// <summary>One record on its own, as a master file or a transfer brings it; a zone keeps <see cref="RRset"/>s.</summary>
/// <param name="ttl">Seconds.</param>
/// <param name="rdata">Uncompressed wire form; never changed.</param>
public readonly struct ResourceRecord(DnsName owner, RecordType type, RecordClass recordClass, uint ttl, byte[] rdata)
{
    public DnsName Owner { get; } = owner;

    public RecordType Type { get; } = type;

    public RecordClass Class { get; } = recordClass;

    /// <summary>Seconds.</summary>
    public uint Ttl { get; } = ttl;

    /// <summary>Uncompressed wire form; never changes.</summary>
    public byte[] Rdata { get; } = rdata;
}
