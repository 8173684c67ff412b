namespace ClusterDns.Core.Pipeline;

/// <summary>One cache among those that share a <see cref="MemoryBudget"/>.</summary>
public interface ICacheShare
{
    /// <summary>Octets it holds.</summary>
    long Bytes { get; }

    /// <summary>Forgets an arbitrary entry; false where there is none.</summary>
    bool EvictOne();
}
