using System.Diagnostics.CodeAnalysis;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Server.Transports.Linux;

/// <summary>
/// Datagrams that wait for their worker under overload: those of clients that send much wait apart, are taken when no others wait,
/// and are lost among themselves. Of each kind the newest goes first. One thread's.
/// </summary>
/// <param name="capacity">Datagrams of each kind.</param>
internal sealed class FairBacklog(int capacity, IRandomSource random)
{
    private const int PlaceBits = 10;

    // Whoever sends more than an eighth of what comes.
    private const int HeavyShare = 8;

    // Counts are halved then, so that what was long ago weighs little.
    private const int Window = 8192;

    private readonly NewestFirst _light = new(capacity);
    private readonly NewestFirst _heavy = new(capacity);
    private readonly ClientHash _hash = new(random);
    private readonly ushort[] _counts = new ushort[1 << PlaceBits];
    private int _total;

    public int Count => _light.Count + _heavy.Count;

    /// <returns>True where <paramref name="lost"/> had to make room: the oldest of its kind.</returns>
    public bool Push(in WaitingDatagram datagram, IPAddressValue client, [MaybeNullWhen(false)] out WaitingDatagram lost) =>
        (IsHeavy(client) ? _heavy : _light).Push(datagram, out lost);

    /// <summary>The newest of a light client, or of a heavy one; only where there is one.</summary>
    public WaitingDatagram Pop() => _light.Count > 0 ? _light.Pop() : _heavy.Pop();

    private bool IsHeavy(IPAddressValue client)
    {
        if (++_total == Window)
        {
            _total = 0;
            for (var place = 0; place < _counts.Length; place++)
            {
                _counts[place] >>= 1;
                _total += _counts[place];
            }

            _total++;
        }

        return ++_counts[_hash.PlaceOf(client, PlaceBits)] * HeavyShare > _total;
    }
}
