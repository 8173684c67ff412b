using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Core.Pipeline;

/// <summary>
/// Records of an answer that outlives its query. They are filled into a response when somebody looks at them; as nobody does
/// for most answers, they are kept in the form they are sent in, too, as soon as they were sent once.
/// </summary>
public abstract class KeptAnswer
{
    // More is sent seldom, and is written record by record each time.
    private const int MaxWritten = 512;

    private const int None = 0;
    private const int BeingWritten = -1;

    private readonly byte _nameLength;

    // Octets of the records as they were sent, TTLs aside.
    private int _length;

    // The name and the records behind it: in the object itself, so that they come with it, or in an array where they are longer.
    private Room _room;
    private byte[]? _larger;

    /// <param name="query">Its response is what will be kept.</param>
    protected KeptAnswer(QueryContext query)
    {
        var response = query.Response;
        AnswerCount = (ushort)response.Answer.Count;
        AuthorityCount = (ushort)response.Authority.Count;
        AdditionalCount = (ushort)response.Additional.Count;
        IsAddressSet = AuthorityCount < 2 && AdditionalCount < 2 && IsSetOfAddresses(query, response.Answer.Records);
        UncompressedSize = ResponseWriter.MeasureRecords(query);
        _nameLength = (byte)query.Name.Length;
        _larger = query.Name.Length > Room.Size ? new byte[query.Name.Length] : null;
        query.Name.Wire.CopyTo(Octets);
    }

    /// <summary>The name it is kept for, in the case it was asked in.</summary>
    public NameSpan Name => new(Octets[.._nameLength]);

    public ushort AnswerCount { get; }

    public ushort AuthorityCount { get; }

    /// <summary>Without OPT and TSIG, which belong to a message.</summary>
    public ushort AdditionalCount { get; }

    /// <summary>True where addresses of one family, of the name that was asked for, are all that could be in another order.</summary>
    public bool IsAddressSet { get; }

    /// <summary>Octets of all records without compression.</summary>
    public int UncompressedSize { get; }

    /// <summary>Octets outside of the object, at most.</summary>
    protected int LargerSize => _nameLength + UncompressedSize <= Room.Size ? 0 : _nameLength + Math.Min(UncompressedSize, MaxWritten);

    private Span<byte> Octets => Volatile.Read(ref _larger) is { } larger ? larger : _room;

    /// <summary>True for a record's owner that is the name the query asks for, in its case.</summary>
    protected static bool IsQueryName(QueryContext query, NameRef owner) =>
        owner.IsQueryName || owner.Span.SequenceEqual(query.Name);

    /// <summary>Adds the records to a response's sections; <paramref name="ttl"/> in seconds is each one's.</summary>
    protected internal abstract void Fill(Response response, uint ttl);

    /// <summary>
    /// Copies the records of a response that has taken this answer behind its question; 0: they have to be written.
    /// </summary>
    internal int CopyTo(Span<byte> room, Response response)
    {
        var length = Volatile.Read(ref _length);
        if (length <= None || length > room.Length)
        {
            return 0;
        }

        var records = room[..length];
        Octets.Slice(_nameLength, length).CopyTo(records);
        if (response.KeptOrder is { } random)
        {
            ShuffleAddresses(records, random);
        }

        while (!records.IsEmpty)
        {
            records = records[OwnerLength(records)..];
            BinaryPrimitives.WriteUInt32BigEndian(records[4..], response.KeptTtl);
            records = records[(RecordHeader.FixedSize + BinaryPrimitives.ReadUInt16BigEndian(records[8..]))..];
        }

        return length;
    }

    /// <summary>Keeps the records as they were written behind the question for the name they are kept for.</summary>
    internal void Keep(ReadOnlySpan<byte> records)
    {
        if (records.IsEmpty || records.Length > MaxWritten
            || Interlocked.CompareExchange(ref _length, BeingWritten, None) != None)
        {
            return;
        }

        if (_nameLength + records.Length > Room.Size)
        {
            var larger = new byte[_nameLength + records.Length];
            Name.Wire.CopyTo(larger);
            records.CopyTo(larger.AsSpan(_nameLength));
            Volatile.Write(ref _larger, larger);
        }
        else
        {
            records.CopyTo(Octets[_nameLength..]);
        }

        Volatile.Write(ref _length, records.Length);
    }

    private static bool IsSetOfAddresses(QueryContext query, ReadOnlySpan<ResponseRecord> records)
    {
        foreach (ref readonly var record in records)
        {
            if (record.Type is not (RecordType.A or RecordType.AAAA) || record.Type != records[0].Type
                || record.RdataLength != (record.Type is RecordType.A ? 4 : 16) || !IsQueryName(query, record.Owner))
            {
                return false;
            }
        }

        return records.Length > 1;
    }

    private void ShuffleAddresses(Span<byte> records, IRandomSource random)
    {
        var fixedLength = OwnerLength(records) + RecordHeader.FixedSize;
        if (records[fixedLength - 1] == 4)
        {
            Shuffle<uint>(records, fixedLength, random);
        }
        else
        {
            Shuffle<Vector128<byte>>(records, fixedLength, random);
        }
    }

    private void Shuffle<TAddress>(Span<byte> records, int fixedLength, IRandomSource random)
        where TAddress : unmanaged
    {
        var size = fixedLength + Unsafe.SizeOf<TAddress>();
        for (int left = AnswerCount; left > 1; left--)
        {
            var one = records[(((left - 1) * size) + fixedLength)..];
            var other = records[((random.Next(left) * size) + fixedLength)..];
            var address = MemoryMarshal.Read<TAddress>(one);
            MemoryMarshal.Write(one, MemoryMarshal.Read<TAddress>(other));
            MemoryMarshal.Write(other, address);
        }
    }

    // Labels, then the root or a pointer (RFC 1035 §4.1.4).
    private static int OwnerLength(ReadOnlySpan<byte> record)
    {
        var length = 0;
        while (record[length] is var size and not 0)
        {
            if (size > NameSpan.MaxLabelLength)
            {
                return length + 2;
            }

            length += size + 1;
        }

        return length + 1;
    }

    // Most names and their records fit: an address takes 16 octets behind its name, an SOA record some 60.
    [InlineArray(Size)]
    private struct Room
    {
        public const int Size = 128;

        private byte _first;
    }
}
