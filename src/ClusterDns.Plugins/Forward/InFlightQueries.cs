using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Forward;

/// <summary>
/// The questions of one <c>forward</c> line that are on their way, so that an identical one waits for the same answer: a
/// burst of clients costs an upstream one query, and a forger one guess (RFC 5452 §5). Nothing is allocated.
/// </summary>
/// <param name="full">Counts identical questions that could not wait with the others because enough did.</param>
internal sealed class InFlightQueries(Counter full)
{
    private const int Buckets = 1024;

    // Whoever leads answers its followers one after the other, before its own client.
    private const int MaxFollowers = 256;

    private readonly Lock _gate = new();
    private readonly Exchange?[] _heads = new Exchange?[Buckets];

    /// <summary>
    /// True where the same question is being asked: <paramref name="waiting"/> ends when its answer stands in the query's
    /// response. Otherwise the exchange leads from now on, and <see cref="Finish"/> is due.
    /// </summary>
    public bool TryFollow(Exchange exchange, out ValueTask<ExchangeStatus> waiting)
    {
        var query = exchange.Query!; // Only a client's query is in flight.
        lock (_gate)
        {
            ref var head = ref _heads[Bucket(query)];
            for (var leader = head; leader is not null; leader = leader.NextInFlight)
            {
                if (!IsSame(leader.Query!, query)) // Leaders have their query until they finish.
                {
                    continue;
                }

                if (leader.FollowerCount < MaxFollowers)
                {
                    waiting = exchange.Begin();
                    exchange.NextFollower = leader.Followers;
                    leader.Followers = exchange;
                    leader.FollowerCount++;
                    return true;
                }

                full.Increment(query.Worker);
            }

            exchange.NextInFlight = head;
            head = exchange;
            waiting = default;
            return false;
        }
    }

    /// <summary>Gives what the leader got to all that follow it.</summary>
    public void Finish(Exchange leader, ExchangeStatus status)
    {
        var query = leader.Query!; // As above.
        var follower = Remove(leader, query);
        while (follower is not null)
        {
            // Read before it goes on: then it may wait somewhere else already.
            var next = follower.NextFollower;
            follower.NextFollower = null;
            var waiting = follower.Query!; // It has its query until it is completed.
            waiting.Reason = query.Reason;
            waiting.Response.CopyReply(query.Response, query);
            follower.Complete(status);
            follower = next;
        }
    }

    private static int Bucket(QueryContext query) => (query.LowerName.GetHashCode() ^ ((int)query.Type * 31)) & (Buckets - 1);

    /// <summary>True where whoever sends the same question may share an answer: nothing in it speaks of one client.</summary>
    public static bool CanShare(QueryContext query) =>
        query.OpCode is OpCode.Query
        && query.Type is not (RecordType.AXFR or RecordType.IXFR)
        && query.Edns.Options.Length == 0;

    // Also in the case of the letters: what an upstream repeats of the question comes back in that case.
    private static bool IsSame(QueryContext one, QueryContext other) =>
        one.Type == other.Type
        && one.Class == other.Class
        && one.Flags == other.Flags
        && one.IsTcpLike == other.IsTcpLike
        && one.Edns.IsPresent == other.Edns.IsPresent
        && one.Edns.DnssecOk == other.Edns.DnssecOk
        && one.Edns.PayloadSize == other.Edns.PayloadSize
        && one.Edns.Version == other.Edns.Version
        && one.Edns.Flags == other.Edns.Flags
        && one.Name.SequenceEqual(other.Name);

    private Exchange? Remove(Exchange leader, QueryContext query)
    {
        lock (_gate)
        {
            ref var head = ref _heads[Bucket(query)];
            if (ReferenceEquals(head, leader))
            {
                head = leader.NextInFlight;
            }
            else
            {
                var before = head!; // The leader is in this bucket until now.
                while (!ReferenceEquals(before.NextInFlight, leader))
                {
                    before = before.NextInFlight!; // Likewise.
                }

                before.NextInFlight = leader.NextInFlight;
            }

            var followers = leader.Followers;
            leader.NextInFlight = null;
            leader.Followers = null;
            leader.FollowerCount = 0;
            return followers;
        }
    }
}
