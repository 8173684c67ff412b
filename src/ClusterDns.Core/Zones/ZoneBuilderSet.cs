using ClusterDns.Protocol.Records;

namespace ClusterDns.Core.Zones;

/// <summary>One RRset while its records come in.</summary>
/// <param name="covered">The TYPE that RRSIGs cover: those of each are a set of their own (RFC 4035 §2.2).</param>
internal sealed class ZoneBuilderSet(RecordType type, RecordType covered, uint ttl)
{
    // Up to here looking through the list is faster than hashing.
    private const int MaxSearched = 16;

    private uint _ttl = ttl;
    private HashSet<byte[]>? _known;

    public RecordType Type { get; } = type;

    public RecordType Covered { get; } = covered;

    public List<byte[]> Rdata { get; } = [];

    /// <summary>Adds a record unless it is there; the set gets the lowest TTL of its records (RFC 2181 §5.2).</summary>
    public void Add(uint ttl, byte[] rdata)
    {
        _ttl = Math.Min(_ttl, ttl);
        if (!IsKnown(rdata))
        {
            Rdata.Add(rdata);
        }
    }

    private bool IsKnown(byte[] rdata)
    {
        if (Rdata.Count < MaxSearched)
        {
            return Rdata.Exists(other => other.AsSpan().SequenceEqual(rdata));
        }

        _known ??= new HashSet<byte[]>(Rdata, OctetsComparer.Instance);
        return !_known.Add(rdata);
    }

    public RRset ToRRset() => RRset.Create(Type, _ttl, Rdata);

    private sealed class OctetsComparer : IEqualityComparer<byte[]>
    {
        public static OctetsComparer Instance { get; } = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj)
        {
            var hash = default(HashCode);
            hash.AddBytes(obj);
            return hash.ToHashCode();
        }
    }
}
