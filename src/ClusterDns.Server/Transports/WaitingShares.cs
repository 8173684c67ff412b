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

    private readonly ClientHash _first;
    private readonly ClientHash _second;
    private readonly int[] _counts = new int[2 * RowSize];

    public WaitingShares(IRandomSource random)
    {
        _first = new ClientHash(random);
        _second = new ClientHash(random);
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
        return HasPlenty(waiting, ceiling) || (free > 0 && Count(client) < PlacesPerFree * (long)free);
    }

    /// <summary>True where there is room whoever asks: were all that wait one client's, it could still have one more.</summary>
    public static bool HasPlenty(int waiting, int ceiling) => waiting < PlacesPerFree * (long)(ceiling - waiting);

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

    private int PlacesOf(IPAddressValue client) => _first.PlaceOf(client, RowBits) | (_second.PlaceOf(client, RowBits) << RowBits);
}
