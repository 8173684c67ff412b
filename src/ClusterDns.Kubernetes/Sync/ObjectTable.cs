using System.Runtime.CompilerServices;
using ClusterDns.Kubernetes.Objects;

namespace ClusterDns.Kubernetes.Sync;

/// <summary>
/// Objects by their keys, which they have in them: some twenty octets each where a dictionary takes more than forty, and there is one
/// for every object of a cluster. Growing copies numbers alone, so that a long list leaves little behind. For one thread at a time.
/// </summary>
internal sealed class ObjectTable<T>
    where T : ClusterObject
{
    private const int Smallest = 16;
    private const int ChunkBits = 12;
    private const int ChunkSize = 1 << ChunkBits; // 64 KB, which is no large object yet
    private const int ChunkMask = ChunkSize - 1;

    // Slots stay where they are; the first chunk alone starts small and grows.
    private readonly List<Slot[]> _chunks = [];

    // Numbers of slots, counted from one, by the hashes of their keys; 0 where there is none.
    private int[] _index = new int[Smallest];

    // Slots that have been used; of them those free again, each with the next one's number in the place of its audit.
    private int _used;
    private int _free = -1;

    public int Count { get; private set; }

    /// <summary>Those with an object, in no order.</summary>
    public IEnumerable<Slot> Slots
    {
        get
        {
            for (var number = 0; number < _used; number++)
            {
                var slot = At(number);
                if (slot.Item is not null)
                {
                    yield return slot;
                }
            }
        }
    }

    /// <summary>Where the object of that key is; no slot (<see cref="Unsafe.IsNullRef{T}"/>) where there is none. Valid until the next change.</summary>
    public ref Slot Find(ObjectKey key)
    {
        var number = _index[Seek(key)] - 1;
        return ref number < 0 ? ref Unsafe.NullRef<Slot>() : ref At(number);
    }

    /// <summary>Adds an object whose key no other one has.</summary>
    public void Add(Slot added)
    {
        // At most four fifths full.
        if ((Count + 1) * 5L > _index.Length * 4L)
        {
            Reindex(SizeFor((Count + 1) * 3 / 2));
        }

        var number = Take();
        At(number) = added;
        _index[Seek(added.Item!.Key)] = number + 1; // Not null: what is added is no free slot.
        Count++;
    }

    public bool Remove(ObjectKey key, out Slot removed)
    {
        var place = Seek(key);
        var number = _index[place] - 1;
        if (number < 0)
        {
            removed = default;
            return false;
        }

        ref var slot = ref At(number);
        removed = slot;
        _index[place] = 0;
        CloseGap(place);
        slot = new Slot(null, 0, _free);
        _free = number;
        Count--;
        return true;
    }

    /// <summary>Lets go of room that the objects do not need; an eighth of theirs stays for what comes.</summary>
    public void Trim()
    {
        if (_used > (2 * Count) + ChunkSize)
        {
            Slot[] all = [.. Slots];
            _chunks.Clear();
            _used = 0;
            _free = -1;
            foreach (ref readonly var slot in all.AsSpan())
            {
                At(Take()) = slot;
            }

            Reindex(_index.Length);
        }

        var size = SizeFor(Count + (Count / 8));
        if (size < _index.Length)
        {
            Reindex(size);
        }
    }

    private ref Slot At(int number) => ref _chunks[number >> ChunkBits][number & ChunkMask];

    private int Take()
    {
        if (_free >= 0)
        {
            var number = _free;
            _free = At(number).Audit;
            return number;
        }

        if (_used == 0)
        {
            _chunks.Add(new Slot[Smallest]);
        }
        else if (_used < ChunkSize && _used == _chunks[0].Length)
        {
            var longer = _chunks[0];
            Array.Resize(ref longer, _used * 2);
            _chunks[0] = longer;
        }
        else if ((_used & ChunkMask) == 0)
        {
            _chunks.Add(new Slot[ChunkSize]);
        }

        return _used++;
    }

    // What a search passes over stands in the way of none: objects behind a gap move up where they would be looked for before it.
    private void CloseGap(int gap)
    {
        for (var place = Next(gap); _index[place] != 0; place = Next(place))
        {
            var home = HomeOf(At(_index[place] - 1).Item!.Key); // Not null: the index has no free slots.
            var stays = gap < place ? home > gap && home <= place : home > gap || home <= place;
            if (!stays)
            {
                _index[gap] = _index[place];
                _index[place] = 0;
                gap = place;
            }
        }
    }

    // Where the key's number stands in the index, or would.
    private int Seek(ObjectKey key)
    {
        var place = HomeOf(key);
        while (_index[place] is > 0 and var number
            && At(number - 1).Item is { } item
            && !(item.Name == key.Name && item.Namespace == key.Namespace))
        {
            place = Next(place);
        }

        return place;
    }

    private int HomeOf(ObjectKey key) => (int)(((ulong)(uint)key.GetHashCode() * (uint)_index.Length) >> 32);

    private int Next(int place) => place + 1 == _index.Length ? 0 : place + 1;

    private static int SizeFor(int count) => Math.Max(Smallest, count + (count / 4) + 1);

    private void Reindex(int size)
    {
        _index = new int[size];
        for (var number = 0; number < _used; number++)
        {
            if (At(number).Item is { } item)
            {
                _index[Seek(item.Key)] = number + 1;
            }
        }
    }

    /// <summary>An object and the latest list and audit that had it.</summary>
    public readonly record struct Slot(T? Item, int Generation, int Audit);
}
