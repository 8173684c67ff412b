using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Plugins.Cache;

/// <summary>
/// A bounded number of entries in sets of sixteen, and of octets, which all caches of the process share. Readers never lock: a
/// set's tags are 64 octets side by side, and an entry is one reference. Where there is no room, entries go that were asked for least of
/// late, of the few that are looked at: one for a new entry, and as many as it takes where octets are short.
/// </summary>
internal sealed class CacheStore : ICacheShare
{
    private const int Ways = 16;

    private readonly MemoryBudget _memory;
    private readonly int _capacity;

    private readonly uint[] _tags;
    private readonly CacheEntry?[] _entries;
    private readonly int _sets;
    private int _count;
    private uint _victim;
    private uint _look;
    private long _bytes;
    private volatile bool _closed;

    /// <param name="capacity">Entries, at least 1,024 as CoreDNS has it.</param>
    public CacheStore(int capacity, MemoryBudget memory)
    {
        _memory = memory;
        _capacity = Math.Max(1024, capacity);

        // A quarter to spare, so that few sets are full before all are.
        _sets = (_capacity + (_capacity / 4) + Ways - 1) / Ways;
        _tags = new uint[_sets * Ways];
        _entries = new CacheEntry?[_sets * Ways];
        memory.Join(this);
    }

    public int Count => Volatile.Read(ref _count);

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Has the memory of a key's set fetched, so that a search soon after waits for all of it once and not line by line.</summary>
    public void Prefetch(CacheKey key)
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        // A set begins anywhere in a cache line: its tags lie in one or two, its references in two or three.
        var start = SetOf(key);
        Prefetch(ref _tags[start]);
        Prefetch(ref _tags[start + Ways - 1]);
        Prefetch(ref _entries[start]);
        Prefetch(ref _entries[start + (Ways / 2)]);
        Prefetch(ref _entries[start + Ways - 1]);
    }

    public CacheEntry? Find(CacheKey key, NameSpan lowerName)
    {
        var start = SetOf(key);
        var tag = TagOf(key);
        var matches = Matches(start, tag);
        while (matches != 0)
        {
            var way = System.Numerics.BitOperations.TrailingZeroCount(matches);
            matches &= matches - 1;
            if (Volatile.Read(ref _entries[start + way]) is { } entry && entry.IsFor(key, lowerName))
            {
                return entry;
            }
        }

        return null;
    }

    /// <summary>Keeps an entry in place of an older one of its key; true where another had to go for it.</summary>
    public bool Set(CacheEntry entry, NameSpan lowerName)
    {
        if (_closed || !_memory.TryCache(entry.Size))
        {
            return false;
        }

        Interlocked.Add(ref _bytes, entry.Size);
        var evicts = Put(entry, lowerName);
        if (_closed)
        {
            // Closed meanwhile, perhaps behind the place where this one went.
            Remove(entry);
        }

        return evicts;
    }

    /// <summary>Forgets everything and keeps nothing more.</summary>
    public void Close()
    {
        _closed = true;
        _memory.Leave(this);
        for (var slot = 0; slot < _entries.Length; slot++)
        {
            Clear(slot);
        }
    }

    /// <summary>Looks at one slot after the other, on from where the last look ended.</summary>
    public bool EvictOne()
    {
        var spared = 0;
        for (var looks = _entries.Length; looks > 0 && Count > 0; looks--)
        {
            var slot = (int)(Interlocked.Increment(ref _look) % (uint)_entries.Length);
            if (spared < Ways && Volatile.Read(ref _entries[slot]) is { } entry && entry.TakeUse())
            {
                spared++;
            }
            else if (Clear(slot))
            {
                return true;
            }
        }

        return false;
    }

    private bool Put(CacheEntry entry, NameSpan lowerName)
    {
        var start = SetOf(entry.Key);
        var free = -1;
        for (var way = 0; way < Ways; way++)
        {
            var there = Volatile.Read(ref _entries[start + way]);
            if (there is null)
            {
                free = free < 0 ? way : free;
            }
            else if (there.IsFor(entry.Key, lowerName))
            {
                Replace(start + way, entry);
                return false;
            }
        }

        var evicts = free < 0 || (Count >= _capacity && EvictOne());
        var slot = free < 0 ? start + Victim(start) : start + free;
        Replace(slot, entry);
        Volatile.Write(ref _tags[slot], TagOf(entry.Key));
        return evicts;
    }

    // Of a full set.
    private int Victim(int start)
    {
        var first = (int)Interlocked.Increment(ref _victim);
        for (var look = 0; look < Ways; look++)
        {
            var way = (first + look) & (Ways - 1);
            if (Volatile.Read(ref _entries[start + way]) is not { } entry || !entry.TakeUse())
            {
                return way;
            }
        }

        return first & (Ways - 1);
    }

    /// <summary>Forgets an entry, if it is still the one kept.</summary>
    public void Remove(CacheEntry entry)
    {
        var start = SetOf(entry.Key);
        for (var way = 0; way < Ways; way++)
        {
            if (Interlocked.CompareExchange(ref _entries[start + way], null, entry) == entry)
            {
                Interlocked.Decrement(ref _count);
                Release(entry);
                return;
            }
        }
    }

    private void Replace(int slot, CacheEntry entry)
    {
        if (Interlocked.Exchange(ref _entries[slot], entry) is { } old)
        {
            Release(old);
        }
        else
        {
            Interlocked.Increment(ref _count);
        }
    }

    private bool Clear(int slot)
    {
        if (Interlocked.Exchange(ref _entries[slot], null) is not { } old)
        {
            return false;
        }

        Interlocked.Decrement(ref _count);
        Release(old);
        return true;
    }

    private void Release(CacheEntry entry)
    {
        Interlocked.Add(ref _bytes, -entry.Size);
        _memory.Uncache(entry.Size);
    }

    // SAFETY: a prefetch reads nothing that could be seen and faults nowhere, so it does not matter if the collector moves the array.
    private static unsafe void Prefetch<T>(ref T element) => Sse.Prefetch0(Unsafe.AsPointer(ref element));

    private uint Matches(int start, uint tag)
    {
        ref var first = ref MemoryMarshal.GetArrayDataReference(_tags);
        var wanted = Vector128.Create(tag);
        uint matches = 0;
        for (var part = 0; part < Ways; part += Vector128<uint>.Count)
        {
            var tags = Vector128.LoadUnsafe(ref first, (nuint)(start + part));
            matches |= Vector128.Equals(tags, wanted).ExtractMostSignificantBits() << part;
        }

        return matches;
    }

    private int SetOf(CacheKey key) => (int)(((key.Hash >> 32) * (ulong)_sets) >> 32) * Ways;

    private static uint TagOf(CacheKey key) => (uint)key.Hash;
}
