using ClusterDns.Protocol.Records;

namespace ClusterDns.Core.Pipeline;

/// <summary>The records of one section, in order. Its room is kept from query to query.</summary>
public sealed class ResponseSection
{
    // An answer larger than this gives its room back when it is done.
    private const int MaxKept = 1024;

    private ResponseRecord[] _records = new ResponseRecord[8];
    private ResponseRecord[] _scratch = [];

    public int Count { get; private set; }

    /// <summary>The records, to read and to change in place. Not valid after records were added.</summary>
    public Span<ResponseRecord> Records => _records.AsSpan(0, Count);

    public ref ResponseRecord this[int index] => ref Records[index];

    public void Add(in ResponseRecord record)
    {
        if (Count == _records.Length)
        {
            Array.Resize(ref _records, Count * 2);
        }

        _records[Count++] = record;
    }

    /// <summary>Adds every record of a set; nothing is copied.</summary>
    public void Add(NameRef owner, RRset rrset) => Add(owner, rrset, rrset.Ttl);

    /// <summary>Adds every record of a set with another TTL; nothing is copied.</summary>
    public void Add(NameRef owner, RRset rrset, uint ttl)
    {
        var rdata = rrset.GetEnumerator();
        while (rdata.MoveNext())
        {
            Add(new ResponseRecord(owner, rrset.Type, rrset.Class, ttl, rrset.Rdata, rdata.Offset, rdata.Current.Length));
        }
    }

    /// <summary>Puts a record in front of the one at <paramref name="index"/>.</summary>
    public void Insert(int index, in ResponseRecord record)
    {
        Add(record);
        _records.AsSpan(index, Count - index - 1).CopyTo(_records.AsSpan(index + 1));
        _records[index] = record;
    }

    /// <summary>Puts records of a lower rank in front, keeping the order within a rank. Ranks are 0 to 7.</summary>
    public void SortByRank(Func<ResponseRecord, int> rank)
    {
        Span<int> starts = stackalloc int[9];
        starts.Clear();
        var sorted = true;
        var last = 0;
        foreach (ref var record in Records)
        {
            var here = rank(record);
            sorted &= here >= last;
            last = here;
            starts[here + 1]++;
        }

        if (sorted)
        {
            return;
        }

        for (var index = 1; index < starts.Length; index++)
        {
            starts[index] += starts[index - 1];
        }

        if (_scratch.Length < Count)
        {
            _scratch = new ResponseRecord[_records.Length];
        }

        foreach (ref var record in Records)
        {
            _scratch[starts[rank(record)]++] = record;
        }

        (_records, _scratch) = (_scratch, _records);
    }

    /// <summary>Puts the records of a range into random order, every order as likely as another.</summary>
    public void Shuffle(Range range, IRandomSource random)
    {
        var records = Records[range];
        for (var left = records.Length; left > 1; left--)
        {
            var other = random.Next(left);
            (records[left - 1], records[other]) = (records[other], records[left - 1]);
        }
    }

    /// <summary>Drops everything behind the first <paramref name="count"/> records.</summary>
    public void Truncate(int count) => Count = Math.Min(Count, count);

    public void Clear()
    {
        Count = 0;
        if (_records.Length > MaxKept)
        {
            _records = new ResponseRecord[8];
            _scratch = [];
        }
    }
}
