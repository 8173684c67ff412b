using ClusterDns.Core.Pipeline;

namespace ClusterDns.Server.Transports;

/// <summary>
/// Puts clients into places that nobody outside can foresee: multiply and shift over 128 bits, so that two clients, whoever chose
/// their addresses, meet by one chance in as many as there are places.
/// </summary>
internal readonly struct ClientHash(IRandomSource random)
{
    // Two numbers each, not one of 128 bits, as in IPAddressValue.
    private readonly ulong _factorHigh = Draw(random);
    private readonly ulong _factorLow = Draw(random);
    private readonly ulong _termHigh = Draw(random);
    private readonly ulong _termLow = Draw(random);

    /// <returns>Below 2 to the power of <paramref name="bits"/>, which is 1 to 31.</returns>
    public int PlaceOf(IPAddressValue client, int bits)
    {
        var key = client.NetworkNumber;
        var high = Math.BigMul(_factorLow, key, out var low) + (_factorHigh * key) + _termHigh;
        return (int)((high + (low + _termLow < low ? 1u : 0u)) >> (64 - bits));
    }

    private static ulong Draw(IRandomSource random) => ((ulong)random.NextUInt32() << 32) | random.NextUInt32();
}
