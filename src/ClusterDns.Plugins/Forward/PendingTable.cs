namespace ClusterDns.Plugins.Forward;

/// <summary>The exchanges that wait on one socket, by id. Its owner's lock guards it; nothing is allocated.</summary>
internal sealed class PendingTable
{
    private const int Buckets = 64;

    private readonly Exchange?[] _heads = new Exchange?[Buckets];

    public int Count { get; private set; }

    /// <summary>False where the id is taken.</summary>
    public bool TryAdd(Exchange exchange, ushort id)
    {
        ref var head = ref _heads[id & (Buckets - 1)];
        for (var other = head; other is not null; other = other.NextPending)
        {
            if (other.Id == id)
            {
                return false;
            }
        }

        exchange.SetId(id);
        exchange.NextPending = head;
        head = exchange;
        Count++;
        return true;
    }

    /// <summary>The exchange with this id; null: nobody waits for it.</summary>
    public Exchange? Find(ushort id)
    {
        var exchange = _heads[id & (Buckets - 1)];
        while (exchange is not null && exchange.Id != id)
        {
            exchange = exchange.NextPending;
        }

        return exchange;
    }

    /// <summary>Takes the exchange with this id out; null: nobody waits for it.</summary>
    public Exchange? Take(ushort id)
    {
        var exchange = Find(id);
        if (exchange is not null)
        {
            Remove(exchange);
        }

        return exchange;
    }

    /// <summary>An exchange that is to be hedged by <paramref name="now"/>, marked as hedged; null: there is none.</summary>
    public Exchange? BeginHedge(long now, UpstreamLimits limits)
    {
        foreach (var head in _heads)
        {
            for (var exchange = head; exchange is not null; exchange = exchange.NextPending)
            {
                if (exchange.HedgeAt > now)
                {
                    continue;
                }

                if (limits.Hedges.TryTake())
                {
                    exchange.BeginHedge();
                    return exchange;
                }

                limits.HedgesDenied.Increment(exchange.Worker);
                exchange.HedgeAt = long.MaxValue;
            }
        }

        return null;
    }

    /// <summary>Takes out one exchange whose deadline is <paramref name="now"/> or before; null: there is none.</summary>
    public Exchange? TakeExpired(long now)
    {
        foreach (var head in _heads)
        {
            for (var exchange = head; exchange is not null; exchange = exchange.NextPending)
            {
                if (exchange.Deadline <= now)
                {
                    Remove(exchange);
                    return exchange;
                }
            }
        }

        return null;
    }

    /// <summary>Takes any exchange out; null: the table is empty.</summary>
    public Exchange? TakeAny() => Count == 0 ? null : TakeExpired(long.MaxValue);

    public void Remove(Exchange exchange)
    {
        ref var head = ref _heads[exchange.Id & (Buckets - 1)];
        if (ReferenceEquals(head, exchange))
        {
            head = exchange.NextPending;
        }
        else
        {
            var before = head!; // The exchange is in this bucket, so its bucket has a head.
            while (!ReferenceEquals(before.NextPending, exchange))
            {
                before = before.NextPending!; // Likewise: the walk ends at the exchange.
            }

            before.NextPending = exchange.NextPending;
        }

        exchange.NextPending = null;
        Count--;
    }
}
