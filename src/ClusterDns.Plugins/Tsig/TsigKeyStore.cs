using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Tsig;

/// <summary>The keys of a server block; from the start-up on also those of blocks that are served on the same addresses, as in CoreDNS.</summary>
internal sealed class TsigKeyStore
{
    private readonly TsigKeyRing _own;
    private volatile TsigKeyRing _current;

    public TsigKeyStore(IReadOnlyList<TsigKey> keys, BlockContext block)
    {
        _own = new TsigKeyRing(keys);
        _current = _own;
        block.OnStartup(_ =>
        {
            // A key that two blocks know by one name is the block's own first.
            _current = new TsigKeyRing(_own.Keys.Concat(block.Plan
                .Where(other => other.Servers.Any(block.Servers.Contains))
                .SelectMany(static other => other.FindAll<TsigKeyStore>())
                .SelectMany(static store => store._own.Keys)));
            return ValueTask.CompletedTask;
        });
    }

    public TsigKeyRing Current => _current;
}
