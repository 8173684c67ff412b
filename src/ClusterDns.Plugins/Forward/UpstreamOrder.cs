using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Forward;

/// <summary>The order in which one query tries the upstreams: their numbers, four bits each, so that it is copied like a number.</summary>
internal struct UpstreamOrder
{
    public const int MaxUpstreams = 15;

    private const int Bits = 4;
    private const ulong Mask = (1 << Bits) - 1;

    private ulong _numbers;

    /// <summary>The number of the upstream at a place; places are 0 to 14.</summary>
    public readonly int this[int place] => (int)((_numbers >> (place * Bits)) & Mask);

    /// <param name="turn">Which upstream is next in turn; only round robin looks at it.</param>
    public static UpstreamOrder Create(UpstreamPolicy policy, int count, int turn, IRandomSource random)
    {
        var order = default(UpstreamOrder);
        for (var place = 1; place < count; place++)
        {
            order.Set(place, place);
        }

        if (policy is UpstreamPolicy.Random or UpstreamPolicy.Fastest)
        {
            for (var last = count - 1; last > 0; last--)
            {
                order.Swap(last, random.Next(last + 1));
            }
        }
        else if (policy is UpstreamPolicy.RoundRobin)
        {
            order.MoveForward(turn, 0);
        }

        return order;
    }

    public void Swap(int one, int other)
    {
        var number = this[one];
        Set(one, this[other]);
        Set(other, number);
    }

    /// <summary>Moves what stands at a place to an earlier one; what stood between moves back by one.</summary>
    public void MoveForward(int from, int to)
    {
        var number = this[from];
        for (var place = from; place > to; place--)
        {
            Set(place, this[place - 1]);
        }

        Set(to, number);
    }

    private void Set(int place, int number) =>
        _numbers = (_numbers & ~(Mask << (place * Bits))) | ((ulong)number << (place * Bits));
}
