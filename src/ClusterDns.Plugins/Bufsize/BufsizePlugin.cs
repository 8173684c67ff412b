using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Bufsize;

/// <summary>Lowers the payload size of a request's OPT: what goes upstream and what the response may have over UDP.</summary>
internal sealed class BufsizePlugin(IQueryHandler next, ushort size) : IPlugin
{
    private const int Smallest = 512;
    private const int Largest = 4096;

    // The DNS flag day's value: no fragments on any usual path.
    private const ushort Default = 1232;

    public static string Name => "bufsize";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        // The first occurrence counts, as in CoreDNS.
        var directive = directives[0];
        directive.ExpectArguments(0, 1);
        var size = directive.Arguments is [var word] ? (ushort)word.ParseInt(Smallest, Largest) : Default;
        return next => new BufsizePlugin(next, size);
    }

    public ValueTask HandleAsync(QueryContext query)
    {
        ref var edns = ref query.Edns;
        if (edns.IsPresent && edns.PayloadSize > size)
        {
            edns.PayloadSize = size;
        }

        return next.HandleAsync(query);
    }
}
