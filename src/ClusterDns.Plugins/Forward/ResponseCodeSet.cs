using ClusterDns.Protocol.Messages;

namespace ClusterDns.Plugins.Forward;

/// <summary>Response codes as bits: asking costs nothing.</summary>
internal readonly struct ResponseCodeSet(ulong bits)
{
    private const int MaxCode = 63;

    private readonly ulong _bits = bits;

    /// <summary>Every assigned code has a bit; false where this one has none.</summary>
    public bool TryAdd(ResponseCode code, out ResponseCodeSet all)
    {
        all = new ResponseCodeSet(_bits | (1UL << (int)code));
        return (int)code <= MaxCode;
    }

    public bool Contains(ResponseCode code) => (int)code <= MaxCode && (_bits & (1UL << (int)code)) != 0;
}
