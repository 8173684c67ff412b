namespace ClusterDns.Plugins.Forward;

/// <summary>Exchanges ready for use. What is rented has one owner until it is returned.</summary>
internal sealed class ExchangePool
{
    private const int Capacity = 1024;

    private readonly Lock _gate = new();
    private readonly Exchange[] _free = new Exchange[Capacity];
    private int _count;

    public Exchange Rent()
    {
        lock (_gate)
        {
            if (_count > 0)
            {
                return _free[--_count];
            }
        }

        return new Exchange();
    }

    public void Return(Exchange exchange)
    {
        exchange.Clear();
        if (exchange.IsHedged)
        {
            // Its hedge, or the attempt itself, may still be waiting somewhere.
            return;
        }

        lock (_gate)
        {
            if (_count < Capacity)
            {
                _free[_count++] = exchange;
            }
        }
    }
}
