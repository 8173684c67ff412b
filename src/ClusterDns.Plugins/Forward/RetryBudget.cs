namespace ClusterDns.Plugins.Forward;

/// <summary>
/// How much may be sent beside the queries themselves: a share of them, and some in hand for a bad moment. Without a bound a
/// slow upstream would be asked the more the slower it gets.
/// </summary>
/// <param name="percent">Tokens that a hundred queries earn.</param>
/// <param name="most">Tokens in hand at most, and at the start.</param>
internal sealed class RetryBudget(int percent, int most)
{
    private const int Token = 100;

    private int _hundredths = most * Token;

    /// <summary>A query was sent on account of a client.</summary>
    public void Earn()
    {
        var now = Volatile.Read(ref _hundredths);
        if (now < most * Token)
        {
            // Where two come together one share may be lost: the budget stays a bound.
            Interlocked.CompareExchange(ref _hundredths, Math.Min(now + percent, most * Token), now);
        }
    }

    /// <summary>False where there is none left.</summary>
    public bool TryTake()
    {
        while (true)
        {
            var now = Volatile.Read(ref _hundredths);
            if (now < Token)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _hundredths, now - Token, now) == now)
            {
                return true;
            }
        }
    }
}
