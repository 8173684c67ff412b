using ClusterDns.Core.Telemetry;

namespace ClusterDns.Plugins.Dnssec;

/// <summary>
/// A bounded number of signatures in sets of eight. Readers never lock; where a set is full, an arbitrary one of it goes.
/// </summary>
internal sealed class SignatureCache
{
    private const int Ways = 8;

    private readonly Counter _replaced;
    private readonly SignatureEntry?[] _entries;
    private readonly int _sets;
    private int _count;
    private uint _victim;

    /// <param name="capacity">Signatures kept; rounded up to whole sets.</param>
    /// <param name="replaced">Counts those that went for others.</param>
    public SignatureCache(int capacity, Counter replaced)
    {
        _replaced = replaced;
        _sets = Math.Max(1, (capacity + Ways - 1) / Ways);
        _entries = new SignatureEntry?[_sets * Ways];
    }

    public int Count => Volatile.Read(ref _count);

    /// <param name="shortened">See <see cref="SignatureContent.Shorten"/>.</param>
    public SignatureEntry? Find(ulong hash, ReadOnlySpan<byte> shortened)
    {
        var start = SetOf(hash);
        for (var way = 0; way < Ways; way++)
        {
            if (Volatile.Read(ref _entries[start + way]) is { } entry && entry.Content.Is(hash, shortened))
            {
                return entry;
            }
        }

        return null;
    }

    /// <summary>Keeps an entry in place of an older one of the same content. One caller at a time.</summary>
    public void Set(SignatureEntry entry)
    {
        var start = SetOf(entry.Content.Hash);
        var slot = -1;
        for (var way = 0; way < Ways; way++)
        {
            var there = Volatile.Read(ref _entries[start + way]);
            if (there is null)
            {
                slot = slot < 0 ? start + way : slot;
            }
            else if (there.Content.Equals(entry.Content))
            {
                Volatile.Write(ref _entries[start + way], entry);
                return;
            }
        }

        if (slot < 0)
        {
            _replaced.Increment();
            slot = start + (int)(_victim++ % Ways);
        }
        else
        {
            Volatile.Write(ref _count, _count + 1);
        }

        Volatile.Write(ref _entries[slot], entry);
    }

    private int SetOf(ulong hash) => (int)(((hash >> 32) * (ulong)_sets) >> 32) * Ways;
}
