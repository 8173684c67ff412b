using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Dnssec;

/// <summary>
/// The RRsets of one section, whose records may stand apart. Work grows with the records, not with their square: neighbours
/// of one set are one run, and runs are found by a hash. Keeps its room.
/// </summary>
internal sealed class SectionSets
{
    private Run[] _runs = new Run[16];
    private ulong[] _keys = new ulong[16];

    /// <summary>Runs; each that <see cref="IsFirst"/> starts an RRset.</summary>
    public int Count { get; private set; }

    public void Read(QueryContext query, ResponseSection section)
    {
        Count = 0;
        var records = section.Records;
        for (var start = 0; start < records.Length;)
        {
            var end = start + 1;
            while (end < records.Length && IsSameSet(query, in records[start], in records[end]))
            {
                end++;
            }

            Add(query, records, start, end);
            start = end;
        }
    }

    /// <summary>False for a run that continues a set.</summary>
    public bool IsFirst(int run) => _runs[run].IsFirst;

    /// <summary>The index of the run's first record.</summary>
    public int Start(int run) => _runs[run].Start;

    /// <summary>The index behind the run's last record.</summary>
    public int End(int run) => _runs[run].End;

    /// <summary>The run that continues the set; -1: none.</summary>
    public int Next(int run) => _runs[run].Next;

    private void Add(QueryContext query, Span<ResponseRecord> records, int start, int end)
    {
        if (Count == _runs.Length)
        {
            Array.Resize(ref _runs, Count * 2);
            Array.Resize(ref _keys, Count * 2);
        }

        var key = KeyOf(query, in records[start]);
        var earlier = FindEarlier(query, records, key, in records[start]);
        _runs[Count] = new Run(start, end, Next: -1, IsFirst: earlier < 0);
        _keys[Count] = key;
        if (earlier >= 0)
        {
            while (_runs[earlier].Next >= 0)
            {
                earlier = _runs[earlier].Next;
            }

            _runs[earlier] = _runs[earlier] with { Next = Count };
        }

        Count++;
    }

    private int FindEarlier(QueryContext query, Span<ResponseRecord> records, ulong key, in ResponseRecord record)
    {
        for (var from = 0; from < Count;)
        {
            var found = _keys.AsSpan(from, Count - from).IndexOf(key);
            if (found < 0)
            {
                return -1;
            }

            from += found;
            if (_runs[from].IsFirst && IsSameSet(query, in records[_runs[from].Start], in record))
            {
                return from;
            }

            from++;
        }

        return -1;
    }

    private static ulong KeyOf(QueryContext query, in ResponseRecord record)
    {
        Span<byte> lower = stackalloc byte[NameSpan.MaxLength];
        var owner = query.Resolve(record.Owner).Wire;
        OctetCase.ToLower(owner, lower);
        return NameHash.Mix(NameHash.Compute64(lower[..owner.Length]), (uint)record.Type);
    }

    private static bool IsSameSet(QueryContext query, in ResponseRecord left, in ResponseRecord right) =>
        left.Type == right.Type
        && left.Class == right.Class
        && left.Type is not RecordType.RRSIG
        && ((left.Owner.IsQueryName && right.Owner.IsQueryName) || query.Resolve(left.Owner).Equals(query.Resolve(right.Owner)));

    private readonly record struct Run(int Start, int End, int Next, bool IsFirst);
}
