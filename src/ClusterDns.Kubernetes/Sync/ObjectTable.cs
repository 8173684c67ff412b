using System.Runtime.CompilerServices;
using ClusterDns.Kubernetes.Objects;

namespace ClusterDns.Kubernetes.Sync;

/// <summary>
/// Objects by their keys, which they have in them: sixteen octets each where a dictionary takes more than forty, and there is one
/// for every object of a cluster. For one thread at a time.
/// </summary>
internal sealed class ObjectTable<T>
    where T : ClusterObject
{
    private const int Smallest = 16;

    private Slot[] _slots = new Slot[Smallest];

    public int Count { get; private set; }

    /// <summary>Used and free ones in no order; a slot without an object is free.</summary>
    public Span<Slot> Slots => _slots;

    /// <summary>Where the object of that key is; no slot (<see cref="Unsafe.IsNullRef{T}"/>) where there is none. Valid until the next change.</summary>
    public ref Slot Find(ObjectKey key)
    {
        ref var slot = ref Seek(key);
        return ref slot.Item is null ? ref Unsafe.NullRef<Slot>() : ref slot;
    }

    /// <summary>Adds an object whose key no other one has.</summary>
    public void Add(Slot added)
    {
        // At most four fifths full.
        if ((Count + 1) * 5L > _slots.Length * 4L)
        {
            Move(SizeFor((Count + 1) * 3 / 2));
        }

        Seek(added.Item!.Key) = added; // Not null: what is added is no free slot.
        Count++;
    }

    public bool Remove(ObjectKey key, out Slot removed)
    {
        ref var slot = ref Find(key);
        if (Unsafe.IsNullRef(ref slot))
        {
            removed = default;
            return false;
        }

        removed = slot;
        slot = default;
        Count--;
        CloseGap((int)(Unsafe.ByteOffset(ref _slots[0], ref slot) / Unsafe.SizeOf<Slot>()));
        return true;
    }

    /// <summary>Lets go of room that the objects do not need; an eighth of theirs stays for what comes.</summary>
    public void Trim()
    {
        var size = SizeFor(Count + (Count / 8));
        if (size < _slots.Length)
        {
            Move(size);
        }
    }

    // What a search passes over stands in the way of none: objects behind a gap move up where they would be looked for before it.
    private void CloseGap(int gap)
    {
        for (var index = Next(gap); _slots[index].Item is { } item; index = Next(index))
        {
            var home = HomeOf(item.Key);
            var stays = gap < index ? home > gap && home <= index : home > gap || home <= index;
            if (!stays)
            {
                _slots[gap] = _slots[index];
                _slots[index] = default;
                gap = index;
            }
        }
    }

    private ref Slot Seek(ObjectKey key)
    {
        var index = HomeOf(key);
        while (_slots[index].Item is { } item && !(item.Name == key.Name && item.Namespace == key.Namespace))
        {
            index = Next(index);
        }

        return ref _slots[index];
    }

    private int HomeOf(ObjectKey key) => (int)(((ulong)(uint)key.GetHashCode() * (uint)_slots.Length) >> 32);

    private int Next(int index) => index + 1 == _slots.Length ? 0 : index + 1;

    private static int SizeFor(int count) => Math.Max(Smallest, count + (count / 4) + 1);

    private void Move(int size)
    {
        var before = _slots;
        _slots = new Slot[size];
        foreach (ref readonly var slot in before.AsSpan())
        {
            if (slot.Item is { } item)
            {
                Seek(item.Key) = slot;
            }
        }
    }

    /// <summary>An object and the latest list and audit that had it.</summary>
    public readonly record struct Slot(T? Item, int Generation, int Audit);
}
