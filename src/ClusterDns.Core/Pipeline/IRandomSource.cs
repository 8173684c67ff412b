namespace ClusterDns.Core.Pipeline;

/// <summary>Random numbers that nobody outside can predict; tests inject their own.</summary>
public interface IRandomSource
{
    /// <summary>All 32 bits.</summary>
    uint NextUInt32();

    /// <summary>From 0 to <paramref name="exclusiveMax"/> - 1, evenly.</summary>
    int Next(int exclusiveMax) => (int)(((ulong)NextUInt32() * (uint)exclusiveMax) >> 32);
}
