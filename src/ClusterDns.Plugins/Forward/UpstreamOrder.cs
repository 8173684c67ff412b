using System.Runtime.CompilerServices;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Forward;

/// <summary>The order in which one query tries the upstreams: their numbers, by value.</summary>
[InlineArray(MaxUpstreams)]
internal struct UpstreamOrder
{
    public const int MaxUpstreams = 15;

    private byte _first;

    /// <param name="turn">Which upstream is next in turn; only round robin looks at it.</param>
    public static UpstreamOrder Create(UpstreamPolicy policy, int count, int turn, IRandomSource random)
    {
        var order = default(UpstreamOrder);
        for (var index = 0; index < count; index++)
        {
            order[index] = (byte)index;
        }

        if (policy is UpstreamPolicy.Random or UpstreamPolicy.Fastest)
        {
            for (var last = count - 1; last > 0; last--)
            {
                var chosen = random.Next(last + 1);
                (order[last], order[chosen]) = (order[chosen], order[last]);
            }
        }
        else if (policy is UpstreamPolicy.RoundRobin)
        {
            for (var index = turn; index > 0; index--)
            {
                order[index] = (byte)(index - 1);
            }

            order[0] = (byte)turn;
        }

        return order;
    }
}
