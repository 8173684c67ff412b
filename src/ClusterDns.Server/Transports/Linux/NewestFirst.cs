namespace ClusterDns.Server.Transports.Linux;

/// <summary>Datagrams that wait for their worker, of which the newest is taken first and the oldest is lost first. One thread's.</summary>
internal sealed class NewestFirst(int capacity)
{
    private readonly WaitingDatagram[] _datagrams = new WaitingDatagram[capacity];

    // Where the next one goes; those before it, around the end, are older and older.
    private int _top;

    public int Count { get; private set; }

    /// <returns>True where <paramref name="lost"/> had to make room: the oldest.</returns>
    public bool Push(in WaitingDatagram datagram, out WaitingDatagram lost)
    {
        var isFull = Count == _datagrams.Length;
        lost = isFull ? _datagrams[_top] : default;
        _datagrams[_top] = datagram;
        _top = (_top + 1) % _datagrams.Length;
        Count = isFull ? Count : Count + 1;
        return isFull;
    }

    /// <summary>The newest; only where there is one.</summary>
    public WaitingDatagram Pop()
    {
        _top = (_top + _datagrams.Length - 1) % _datagrams.Length;
        Count--;
        var newest = _datagrams[_top];
        _datagrams[_top] = default;
        return newest;
    }
}
