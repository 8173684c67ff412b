namespace ClusterDns.Kubernetes.Records;

/// <summary>
/// A hash table from addresses to their owners with one writer and any number of readers that never lock. Keys stand in the
/// table itself: there are more addresses in a cluster than anything else, and none costs an object. Growing copies numbers alone.
/// </summary>
internal sealed class AddressTable<TKey>
    where TKey : struct, IHashedKey, IEquatable<TKey>
{
    private const int Smallest = 16; // places

    // In the place of an owner that went: the key stays, so that searches for others go on past it.
    private static readonly object Nobody = new();

    private Slots _slots = new(Smallest, []);

    // Slots with a key, those of nobody included.
    private int _used;
    private int _count;

    /// <summary>Addresses there is room for.</summary>
    public int Capacity => Volatile.Read(ref _slots).Capacity;

    /// <summary>What <see cref="Set"/> put there last; null where nothing is.</summary>
    public object? Find(TKey key)
    {
        var slots = Volatile.Read(ref _slots);
        var number = slots.Find(key, out _);
        if (number < 0)
        {
            return null;
        }

        var owner = Volatile.Read(ref slots.Owner(number));
        return ReferenceEquals(owner, Nobody) ? null : owner;
    }

    /// <summary>Gives the address to an owner, or with null to nobody. For the writer.</summary>
    public void Set(TKey key, object? owner)
    {
        var number = _slots.Find(key, out var place);
        if (number >= 0)
        {
            ref var slot = ref _slots.Owner(number);
            _count += (owner is null ? 0 : 1) - (ReferenceEquals(slot, Nobody) ? 0 : 1);
            Volatile.Write(ref slot, owner ?? Nobody);
        }
        else if (owner is not null)
        {
            if (_used == _slots.Capacity)
            {
                Rebuild();
                _slots.Find(key, out place);
            }

            _slots.Add(place, _used++, key, owner);
            _count++;
        }
    }

    private void Rebuild()
    {
        var old = _slots;

        // Few gaps stay as they are. Where there are many, what is left moves together, and readers of the older slots keep those.
        var moves = _used - _count > _used / 4;
        var rebuilt = new Slots(((moves ? _count : _used) + 1) * 2, moves ? [] : old.Chunks);
        var used = 0;
        for (var number = 0; number < _used; number++)
        {
            var owner = old.Owner(number);
            if (!moves || !ReferenceEquals(owner, Nobody))
            {
                var key = old.Key(number);
                rebuilt.Find(key, out var place);
                rebuilt.Add(place, used++, key, owner);
            }
        }

        _used = used;
        Volatile.Write(ref _slots, rebuilt);
    }

    /// <summary>Slots by their numbers, which stay where they are, and the numbers by hashes.</summary>
    private sealed class Slots
    {
        private const int ChunkBits = 8;
        private const int ChunkSize = 1 << ChunkBits;

        // Numbers counted from one; 0 where there is none.
        private readonly int[] _index;

        // Null where no slot has been used yet.
        private readonly Chunk?[] _chunks;

        /// <param name="places">In the index.</param>
        /// <param name="known">Slots that others have.</param>
        public Slots(int places, ReadOnlySpan<Chunk?> known)
        {
            _index = new int[places];

            // At most three quarters full, so that a search for what is not there ends soon.
            Capacity = (int)(places * 3L / 4);
            _chunks = new Chunk?[Math.Max(known.Length, (Capacity + ChunkSize - 1) >> ChunkBits)];
            known.CopyTo(_chunks);
        }

        public int Capacity { get; }

        public ReadOnlySpan<Chunk?> Chunks => _chunks;

        public ref TKey Key(int number) => ref ChunkOf(number).Keys[number & (ChunkSize - 1)];

        public ref object Owner(int number) => ref ChunkOf(number).Owners[number & (ChunkSize - 1)];

        /// <summary>The slot of the key; where there is none, a negative number and the place in the index where it would stand.</summary>
        public int Find(TKey key, out int place)
        {
            place = (int)Math.BigMul(key.Hash, (ulong)_index.Length, out _);
            int number;
            while ((number = Volatile.Read(ref _index[place]) - 1) >= 0 && !Key(number).Equals(key))
            {
                place = place + 1 == _index.Length ? 0 : place + 1;
            }

            return number;
        }

        /// <summary>For a key that no slot has.</summary>
        public void Add(int place, int number, TKey key, object owner)
        {
            ref var chunk = ref _chunks[number >> ChunkBits];
            chunk ??= new Chunk(ChunkSize);
            chunk.Keys[number & (ChunkSize - 1)] = key;
            chunk.Owners[number & (ChunkSize - 1)] = owner;

            // The number last: a reader that sees it sees whose the slot is.
            Volatile.Write(ref _index[place], number + 1);
        }

        private Chunk ChunkOf(int number) => _chunks[number >> ChunkBits]!; // Not null: the slot has been used.
    }

    private sealed class Chunk(int size)
    {
        public readonly TKey[] Keys = new TKey[size];
        public readonly object[] Owners = new object[size];
    }
}
