namespace ClusterDns.Testing.Simulation;

/// <summary>A replica with what its clients have seen of it, what is on its disk, and since when it may be behind.</summary>
internal sealed class ReplicaUnderTest(SimulatedReplica replica)
{
    private byte[]? _snapshot;
    private Dictionary<string, long> _seenAtSnapshot = [];
    private DateTimeOffset _snapshotBound;
    private DateTimeOffset? _restoredBound;

    public SimulatedReplica Replica => replica;

    /// <summary>Per object, the least version that clients may still see.</summary>
    public Dictionary<string, long> Seen { get; private set; } = [];

    public DateTimeOffset DisturbedSince { get; set; }

    public DateTimeOffset DisturbedUntil { get; set; }

    public DateTimeOffset? SilentSince { get; set; }

    /// <summary>From now on, and for as long as healing may take, answers may be as old as the beginning of this.</summary>
    public void Disturb(DateTimeOffset now, TimeSpan healing)
    {
        if (now > DisturbedUntil && !replica.Link.IsDown)
        {
            DisturbedSince = now;
        }

        DisturbedUntil = now + healing;
    }

    /// <summary>What was no longer so at this time must not be answered now.</summary>
    public DateTimeOffset BoundAt(DateTimeOffset now)
    {
        var isDisturbed = now <= DisturbedUntil || replica.Link.IsDown;

        // Undisturbed, what was replaced this very moment is out of date as well.
        var bound = isDisturbed ? DisturbedSince : now + TimeSpan.FromTicks(1);
        return replica.State.IsStale && _restoredBound < bound ? _restoredBound.Value : bound;
    }

    public void KeepSnapshot(TimeProvider time)
    {
        if (replica.TakeSnapshot() is { } taken)
        {
            _snapshot = taken;
            _seenAtSnapshot = new Dictionary<string, long>(Seen);

            // What is replaced in the same moment, after it, still stands in it.
            var now = time.GetUtcNow();
            _snapshotBound = BoundAt(now) is var bound && bound < now ? bound : now;
        }
    }

    public void Restart(bool usesSnapshot, DateTimeOffset now, TimeSpan healing)
    {
        Disturb(now, healing);
        var snapshot = usesSnapshot ? _snapshot : null;
        if (snapshot is not null)
        {
            // A crash loses what came after the last write: that is as far back as clients may be taken.
            Seen = new Dictionary<string, long>(_seenAtSnapshot);
            _restoredBound = _snapshotBound;
        }

        replica.Start(snapshot);
    }
}
