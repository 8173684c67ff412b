using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Plugins.Cache;

/// <summary>
/// A bounded number of entries in sets of sixteen. Readers never lock: a set's tags are one cache line, and an entry is one
/// reference. Where a set is full, an arbitrary entry of it goes.
/// </summary>
internal sealed class CacheStore
{
    private const int Ways = 16;

    private readonly uint[] _tags;
    private readonly CacheEntry?[] _entries;
    private readonly int _sets;
    private int _count;
    private uint _victim;

    /// <param name="capacity">Entries; rounded up to whole sets, at least 1,024 as CoreDNS has it.</param>
    public CacheStore(int capacity)
    {
        _sets = Math.Max(1024, capacity + Ways - 1) / Ways;
        _tags = new uint[_sets * Ways];
        _entries = new CacheEntry?[_sets * Ways];
    }

    public int Count => Volatile.Read(ref _count);

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
                Volatile.Write(ref _entries[start + way], entry);
                return false;
            }
        }

        var evicts = free < 0;
        var slot = start + (evicts ? (int)(Interlocked.Increment(ref _victim) & (Ways - 1)) : free);
        if (Interlocked.Exchange(ref _entries[slot], entry) is null)
        {
            Interlocked.Increment(ref _count);
        }

        Volatile.Write(ref _tags[slot], TagOf(entry.Key));
        return evicts;
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
                return;
            }
        }
    }

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
