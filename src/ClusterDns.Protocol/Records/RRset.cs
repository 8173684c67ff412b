using System.Buffers.Binary;

namespace ClusterDns.Protocol.Records;

/// <summary>
/// The records of one owner, type and class (RFC 9499 §5), without the owner: immutable, RDATA in uncompressed wire form
/// laid out as <c>length (2 octets) RDATA length RDATA …</c>.
/// </summary>
public sealed class RRset
{
    private RRset(RecordType type, RecordClass recordClass, uint ttl, byte[] rdata, int count)
    {
        Type = type;
        Class = recordClass;
        Ttl = ttl;
        Rdata = rdata;
        Count = count;
    }

    public RecordType Type { get; }

    public RecordClass Class { get; }

    /// <summary>Seconds; one for the whole set (RFC 2181 §5.2).</summary>
    public uint Ttl { get; }

    /// <summary>Every RDATA, each behind its length of two octets, big-endian. Never changes.</summary>
    public byte[] Rdata { get; }

    public int Count { get; }

    /// <summary>The type that RRSIGs are over, which are a set of their own for each (RFC 4035 §2.2); None for other types.</summary>
    public RecordType Covered => Type is RecordType.RRSIG && Rdata.Length >= 2 * sizeof(ushort)
        ? (RecordType)BinaryPrimitives.ReadUInt16BigEndian(Rdata.AsSpan(sizeof(ushort)))
        : RecordType.None;

    /// <summary>Copies the given RDATA, in their order.</summary>
    public static RRset Create(RecordType type, uint ttl, params IReadOnlyList<byte[]> rdata) =>
        Create(type, RecordClass.IN, ttl, rdata);

    /// <summary>Copies the given RDATA, in their order.</summary>
    public static RRset Create(RecordType type, RecordClass recordClass, uint ttl, params IReadOnlyList<byte[]> rdata)
    {
        ArgumentNullException.ThrowIfNull(rdata);
        var size = 0;
        for (var index = 0; index < rdata.Count; index++)
        {
            size += sizeof(ushort) + rdata[index].Length;
        }

        var packed = new byte[size];
        var offset = 0;
        for (var index = 0; index < rdata.Count; index++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(packed.AsSpan(offset), checked((ushort)rdata[index].Length));
            rdata[index].CopyTo(packed, offset + sizeof(ushort));
            offset += sizeof(ushort) + rdata[index].Length;
        }

        return new RRset(type, recordClass, ttl, packed, rdata.Count);
    }

    /// <summary>True where one of the records has this RDATA.</summary>
    public bool Contains(ReadOnlySpan<byte> rdata)
    {
        foreach (var other in this)
        {
            if (other.SequenceEqual(rdata))
            {
                return true;
            }
        }

        return false;
    }

    public RRset WithTtl(uint ttl) => ttl == Ttl ? this : new RRset(Type, Class, ttl, Rdata, Count);

    public Enumerator GetEnumerator() => new(Rdata);

    /// <summary>Walks the RDATA of a set: <c>foreach (var rdata in rrset)</c>.</summary>
    public ref struct Enumerator(byte[] packed)
    {
        private int _offset = -1;
        private int _length;

        /// <summary>Where the current RDATA starts in <see cref="RRset.Rdata"/>.</summary>
        public readonly int Offset => _offset;

        public readonly ReadOnlySpan<byte> Current => packed.AsSpan(_offset, _length);

        public bool MoveNext()
        {
            var next = _offset < 0 ? 0 : _offset + _length;
            if (next >= packed.Length)
            {
                return false;
            }

            _length = BinaryPrimitives.ReadUInt16BigEndian(packed.AsSpan(next));
            _offset = next + sizeof(ushort);
            return true;
        }
    }
}
