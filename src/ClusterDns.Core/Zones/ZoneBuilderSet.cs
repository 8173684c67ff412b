using ClusterDns.Protocol.Records;

namespace ClusterDns.Core.Zones;

/// <summary>One RRset while its records come in.</summary>
/// <param name="covered">The TYPE that RRSIGs cover: those of each are a set of their own (RFC 4035 §2.2).</param>
internal sealed class ZoneBuilderSet(RecordType type, RecordType covered, uint ttl)
{
    private uint _ttl = ttl;

    public RecordType Type { get; } = type;

    public RecordType Covered { get; } = covered;

    public List<byte[]> Rdata { get; } = [];

    /// <summary>Adds a record unless it is there; the set gets the lowest TTL of its records (RFC 2181 §5.2).</summary>
    public void Add(uint ttl, byte[] rdata)
    {
        _ttl = Math.Min(_ttl, ttl);
        if (!Rdata.Exists(other => other.AsSpan().SequenceEqual(rdata)))
        {
            Rdata.Add(rdata);
        }
    }

    public RRset ToRRset() => RRset.Create(Type, _ttl, Rdata);
}
