namespace ClusterDns.Plugins.Cache;

/// <summary><c>success</c> or <c>denial</c>: how many entries, and the bounds of their TTL in seconds.</summary>
internal sealed record CacheLimits(int Capacity, uint MaxTtl, uint MinTtl)
{
    public uint Clamp(uint ttl) => Math.Min(Math.Max(ttl, MinTtl), MaxTtl);
}
