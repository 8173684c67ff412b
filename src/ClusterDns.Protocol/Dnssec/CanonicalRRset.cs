using System.Buffers.Binary;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Protocol.Dnssec;

/// <summary>
/// Puts one RRset into canonical form and order (RFC 4034 §6.3). For use again and again by one thread: it keeps its room, so
/// that nothing is allocated once that suffices.
/// </summary>
public sealed class CanonicalRRset
{
    private const int MaxKept = 64 * 1024;
    private const int FixedFields = 10;

    private byte[] _rdata = new byte[1024];
    private Slice[] _slices = new Slice[16];
    private byte[] _written = new byte[1024];
    private int _used;
    private int _count;
    private RecordType _type;

    /// <summary>Starts a set of this type; what was there before is gone.</summary>
    public void Begin(RecordType type)
    {
        _type = type;
        _used = 0;
        _count = 0;
        if (_rdata.Length > MaxKept)
        {
            _rdata = new byte[1024];
            _written = new byte[1024];
        }
    }

    /// <summary>Adds a record's RDATA, in uncompressed wire form and any order.</summary>
    public void Add(ReadOnlySpan<byte> rdata)
    {
        if (_rdata.Length - _used < rdata.Length)
        {
            Array.Resize(ref _rdata, Math.Max(_used + rdata.Length, _rdata.Length * 2));
        }

        if (_count == _slices.Length)
        {
            Array.Resize(ref _slices, _count * 2);
        }

        var copy = _rdata.AsSpan(_used, rdata.Length);
        rdata.CopyTo(copy);
        CanonicalRdata.Normalize(_type, copy);
        _slices[_count++] = new Slice(_used, rdata.Length);
        _used += rdata.Length;
    }

    /// <summary>
    /// The set's records one behind the other: owner in lower case, type, class, TTL, length and RDATA; each once. Valid
    /// until the next <see cref="Begin"/>.
    /// </summary>
    /// <param name="originalTtl">Seconds; the Original TTL of the signature.</param>
    public ReadOnlySpan<byte> Write(NameSpan owner, RecordClass recordClass, uint originalTtl)
    {
        Sort();
        var size = _used + (_count * (owner.Length + FixedFields));
        if (_written.Length < size)
        {
            _written = new byte[Math.Max(size, _written.Length * 2)];
        }

        var position = 0;
        var last = default(ReadOnlySpan<byte>);
        for (var index = 0; index < _count; index++)
        {
            var rdata = _slices[index].Of(_rdata);
            if (index > 0 && rdata.SequenceEqual(last))
            {
                continue;
            }

            var record = _written.AsSpan(position);
            OctetCase.ToLower(owner.Wire, record);
            var fields = record[owner.Length..];
            BinaryPrimitives.WriteUInt16BigEndian(fields, (ushort)_type);
            BinaryPrimitives.WriteUInt16BigEndian(fields[2..], (ushort)recordClass);
            BinaryPrimitives.WriteUInt32BigEndian(fields[4..], originalTtl);
            BinaryPrimitives.WriteUInt16BigEndian(fields[8..], (ushort)rdata.Length);
            rdata.CopyTo(fields[FixedFields..]);
            position += owner.Length + FixedFields + rdata.Length;
            last = rdata;
        }

        return _written.AsSpan(0, position);
    }

    // RDATA are compared as octets, left-justified; a missing octet sorts before any other.
    private void Sort()
    {
        for (var index = 1; index < _count; index++)
        {
            if (_slices[index - 1].Of(_rdata).SequenceCompareTo(_slices[index].Of(_rdata)) > 0)
            {
                _slices.AsSpan(0, _count).Sort(new ByOctets(_rdata));
                return;
            }
        }
    }

    private readonly record struct Slice(int Offset, int Length)
    {
        public ReadOnlySpan<byte> Of(byte[] buffer) => buffer.AsSpan(Offset, Length);
    }

    private readonly struct ByOctets(byte[] buffer) : IComparer<Slice>
    {
        public int Compare(Slice x, Slice y) => x.Of(buffer).SequenceCompareTo(y.Of(buffer));
    }
}
