using ClusterDns.Protocol.Names;

namespace ClusterDns.Plugins.Tsig;

/// <summary>Keys by name, whatever the case (RFC 4343). Immutable.</summary>
internal sealed class TsigKeyRing
{
    private readonly Dictionary<DnsName, TsigKey> _keys = new(DnsNameComparer.Instance);

    /// <summary>Where two keys have one name, the first counts.</summary>
    public TsigKeyRing(IEnumerable<TsigKey> keys)
    {
        foreach (var key in keys)
        {
            _keys.TryAdd(key.Name, key);
        }
    }

    public IEnumerable<TsigKey> Keys => _keys.Values;

    public TsigKey? Find(NameSpan name) => _keys.GetAlternateLookup<NameSpan>().TryGetValue(name, out var key) ? key : null;
}
