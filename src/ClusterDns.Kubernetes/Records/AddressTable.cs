namespace ClusterDns.Kubernetes.Records;

/// <summary>
/// A hash table from addresses to their owners with one writer and any number of readers that never lock. Keys stand in the
/// table itself: there are more addresses in a cluster than anything else, and none costs an object.
/// </summary>
internal sealed class AddressTable<TKey>
    where TKey : struct, IHashedKey, IEquatable<TKey>
{
    private const int Smallest = 16;

    // In the place of an owner that went: the key stays, so that searches for others go on past it.
    private static readonly object Nobody = new();

    private Slots _slots = new(Smallest);

    // Slots with a key, those of nobody included.
    private int _used;
    private int _count;

    /// <summary>Addresses there is room for.</summary>
    public int Capacity => Volatile.Read(ref _slots).Owners.Length;

    /// <summary>What <see cref="Set"/> put there last; null where nothing is.</summary>
    public object? Find(TKey key)
    {
        var slots = Volatile.Read(ref _slots);
        var index = slots.IndexOf(key, out var owner);
        return index < 0 || ReferenceEquals(owner, Nobody) ? null : owner;
    }

    /// <summary>Gives the address to an owner, or with null to nobody. For the writer.</summary>
    public void Set(TKey key, object? owner)
    {
        var index = _slots.IndexOf(key, out var before);
        if (index < 0)
        {
            if (owner is null)
            {
                return;
            }

            // At most three quarters full, so that a search for what is not there ends soon.
            if ((_used + 1) * 4L > _slots.Owners.Length * 3L)
            {
                Rebuild();
                index = _slots.IndexOf(key, out _);
            }

            index = ~index;
            _slots.Keys[index] = key;
            _used++;
        }

        _count += (owner is null ? 0 : 1) - (before is null || ReferenceEquals(before, Nobody) ? 0 : 1);

        // The key before its owner: a reader that sees an owner sees whose it is.
        Volatile.Write(ref _slots.Owners[index], owner ?? Nobody);
    }

    private void Rebuild()
    {
        var rebuilt = new Slots(Math.Max(Smallest, (_count + 1) * 2));
        for (var index = 0; index < _slots.Owners.Length; index++)
        {
            if (_slots.Owners[index] is { } owner && !ReferenceEquals(owner, Nobody))
            {
                var key = _slots.Keys[index];
                var free = ~rebuilt.IndexOf(key, out _);
                rebuilt.Keys[free] = key;
                rebuilt.Owners[free] = owner;
            }
        }

        _used = _count;
        Volatile.Write(ref _slots, rebuilt);
    }

    /// <summary>Keys and owners side by side; where there is no owner, the key says nothing.</summary>
    private sealed class Slots(int size)
    {
        public readonly TKey[] Keys = new TKey[size];
        public readonly object?[] Owners = new object?[size];

        /// <summary>Where the key stands and who owns it; the complement of the free slot where it would stand.</summary>
        public int IndexOf(TKey key, out object? owner)
        {
            var index = (int)Math.BigMul(key.Hash, (ulong)Owners.Length, out _);

            // Each owner is read once: the slot that is free now may be another key's in a moment.
            while ((owner = Volatile.Read(ref Owners[index])) is not null)
            {
                if (Keys[index].Equals(key))
                {
                    return index;
                }

                index = index + 1 == Owners.Length ? 0 : index + 1;
            }

            return ~index;
        }
    }
}
