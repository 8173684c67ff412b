using ClusterDns.Core.Pipeline;

namespace ClusterDns.Server.Transports;

/// <summary>
/// How many waiting queries each client has, in a table that does not grow: two rows of counters that two secret functions choose from.
/// The smaller one counts, so that a client shares the fate of a heavy one only where both functions bring the two together.
/// </summary>
internal sealed class WaitingShares
{
    private const int RowBits = 12;
    private const int RowSize = 1 << RowBits;

    // What a client may have for each place that is free: a lone one gets eight ninths of all places, and whatever heavy
    // clients there are, somebody new finds a place.
    private const int PlacesPerFree = 8;

    // Multiply and shift over 128 bits: two clients meet in a row by one chance in 4,096, whoever chose their addresses.
    private readonly UInt128 _firstFactor;
    private readonly UInt128 _firstTerm;
    private readonly UInt128 _secondFactor;
    private readonly UInt128 _secondTerm;
    private readonly int[] _counts = new int[2 * RowSize];

    public WaitingShares(IRandomSource random)
    {
        _firstFactor = Draw(random);
        _firstTerm = Draw(random);
        _secondFactor = Draw(random);
        _secondTerm = Draw(random);
    }

    /// <summary>
    /// True where one more of this client's queries may wait: it has fewer than eight for each of the places that are left. So those
    /// who hold most are the first to be refused, and the fewer places are left the less is much.
    /// </summary>
    /// <param name="waiting">Queries that wait now, of all clients.</param>
    /// <param name="ceiling">How many may.</param>
    public bool HasRoom(IPAddressValue client, int waiting, int ceiling)
    {
        var free = ceiling - waiting;
        if (waiting < PlacesPerFree * (long)free)
        {
            // Were they all this client's, it could still have one more.
            return true;
        }

        return free > 0 && Count(client) < PlacesPerFree * (long)free;
    }

    /// <summary>How many wait for the client, or somewhat more.</summary>
    public int Count(IPAddressValue client)
    {
        var places = PlacesOf(client);
        return Math.Min(Volatile.Read(ref _counts[First(places)]), Volatile.Read(ref _counts[Second(places)]));
    }

    /// <summary>One of the client's queries begins to wait.</summary>
    /// <returns>What <see cref="Leave"/> wants back, for it may know the client by another address then.</returns>
    public int Enter(IPAddressValue client)
    {
        var places = PlacesOf(client);
        Interlocked.Increment(ref _counts[First(places)]);
        Interlocked.Increment(ref _counts[Second(places)]);
        return places;
    }

    public void Leave(int places)
    {
        Interlocked.Decrement(ref _counts[First(places)]);
        Interlocked.Decrement(ref _counts[Second(places)]);
    }

    private static int First(int places) => places & (RowSize - 1);

    private static int Second(int places) => RowSize + (places >> RowBits);

    private int PlacesOf(IPAddressValue client)
    {
        var key = client.ClientNetwork.Bits;
        const int shift = 128 - RowBits;
        var first = (int)(((_firstFactor * key) + _firstTerm) >> shift);
        var second = (int)(((_secondFactor * key) + _secondTerm) >> shift);
        return first | (second << RowBits);
    }

    private static UInt128 Draw(IRandomSource random)
    {
        UInt128 drawn = 0;
        for (var part = 0; part < 4; part++)
        {
            drawn = (drawn << 32) | random.NextUInt32();
        }

        return drawn;
    }
}
