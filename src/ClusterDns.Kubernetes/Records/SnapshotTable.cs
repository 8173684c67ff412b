namespace ClusterDns.Kubernetes.Records;

/// <summary>
/// A hash table with one writer and any number of readers that never lock: open addressing, every change one reference
/// written. A reader sees an entry wholly or not at all; removing leaves a mark until the table is next rebuilt.
/// </summary>
internal sealed class SnapshotTable<TEntry>
    where TEntry : class, ITableEntry
{
    private const int Smallest = 16;
    private static readonly object Removed = new();

    private object?[] _slots = new object?[Smallest];

    // Slots that are not null, removal marks included.
    private int _used;

    /// <summary>Entries held; for the writer.</summary>
    public int Count { get; private set; }

    /// <summary>The entries, in no order; for the writer, or for a reader that takes each entry as it is met.</summary>
    public IEnumerable<TEntry> Entries
    {
        get
        {
            foreach (var slot in Volatile.Read(ref _slots))
            {
                if (slot is TEntry entry)
                {
                    yield return entry;
                }
            }
        }
    }

    public TEntry? Find<TKey>(TKey key)
        where TKey : ITableKey<TEntry>, allows ref struct
    {
        var slots = Volatile.Read(ref _slots);
        var mask = slots.Length - 1;
        for (var index = (int)key.Hash & mask; ; index = (index + 1) & mask)
        {
            var slot = Volatile.Read(ref slots[index]);
            if (slot is null)
            {
                return null;
            }

            if (slot is TEntry entry && entry.Hash == key.Hash && key.Matches(entry))
            {
                return entry;
            }
        }
    }

    /// <summary>For the writer; no entry of the same key may be held.</summary>
    public void Add(TEntry entry)
    {
        // At most three quarters full, so that a search for what is not there ends soon.
        if ((_used + 1) * 4 > _slots.Length * 3)
        {
            Rebuild();
        }

        Insert(_slots, entry);
        _used++;
        Count++;
    }

    /// <summary>For the writer.</summary>
    public void Remove(TEntry entry)
    {
        var mask = _slots.Length - 1;
        var index = (int)entry.Hash & mask;
        while (!ReferenceEquals(_slots[index], entry))
        {
            index = (index + 1) & mask;
        }

        // Where a search would end at the next slot anyway, no mark is needed.
        var endsHere = _slots[(index + 1) & mask] is null;
        Volatile.Write(ref _slots[index], endsHere ? null : Removed);
        if (endsHere)
        {
            _used--;
        }

        Count--;
    }

    private void Rebuild()
    {
        var size = Smallest;
        while (size < Count * 2)
        {
            size *= 2;
        }

        var slots = new object?[size];
        foreach (var slot in _slots)
        {
            if (slot is TEntry entry)
            {
                Insert(slots, entry);
            }
        }

        _used = Count;
        Volatile.Write(ref _slots, slots);
    }

    private static void Insert(object?[] slots, TEntry entry)
    {
        var mask = slots.Length - 1;
        var index = (int)entry.Hash & mask;
        while (slots[index] is not null)
        {
            index = (index + 1) & mask;
        }

        Volatile.Write(ref slots[index], entry);
    }
}
