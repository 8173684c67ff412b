using System.Globalization;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Loop;

/// <summary>Finds out at the start whether what this server forwards comes back to it.</summary>
internal sealed class LoopPlugin : IPlugin
{
    // CoreDNS's figure: a forwarder that retries shows the name twice.
    private const int MaxSeen = 2;

    private readonly IQueryHandler _next;
    private readonly BlockContext _block;
    private readonly DnsName _probe;
    private int _seen;
    private volatile bool _isOver;

    private LoopPlugin(IQueryHandler next, BlockContext block, DnsName probe)
    {
        _next = next;
        _block = block;
        _probe = probe;
        block.OnServing(async end =>
        {
            await LoopProbe.RunAsync(block, probe, () => _isOver, end);
            _isOver = true;
        });
    }

    public static string Name => "loop";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        directives.ExpectOnce().ExpectNoArguments();

        // Nobody outside can know the name, so nobody can pretend that there is a loop.
        var random = block.Services.Random;
        var labels = string.Create(CultureInfo.InvariantCulture, $"{Draw(random)}.{Draw(random)}.");
        var zone = block.Zones[0];
        var probe = DnsName.Parse(zone.IsRoot ? labels : labels + zone);
        return next => new LoopPlugin(next, block, probe);
    }

    public ValueTask HandleAsync(QueryContext query)
    {
        if (_isOver || query.Type is not RecordType.HINFO || !query.LowerName.SequenceEqual(_probe.Span))
        {
            return _next.HandleAsync(query);
        }

        if (Interlocked.Increment(ref _seen) > MaxSeen)
        {
            _isOver = true;
            _block.RejectPlan(
                $"plugin/loop: Loop ({query.Client} -> {LoopProbe.ListenerOf(_block)}) detected for zone \"{_block.Zones[0]}\", "
                + $"see https://coredns.io/plugins/loop#troubleshooting. Query: \"HINFO {_probe}\"");
        }

        return _next.HandleAsync(query);
    }

    private static ulong Draw(IRandomSource random) => (((ulong)random.NextUInt32() << 32) | random.NextUInt32()) >> 2;
}
