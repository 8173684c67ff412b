using ClusterDns.Core.Pipeline;

namespace ClusterDns.Server.Transports;

/// <summary>
/// Puts clients into places that nobody outside can foresee: multiply and shift over 128 bits, so that two clients, whoever chose
/// their addresses, meet by one chance in as many as there are places.
/// </summary>
internal readonly struct ClientHash(IRandomSource random)
{
    private readonly UInt128 _factor = Draw(random);
    private readonly UInt128 _term = Draw(random);

    /// <returns>Below 2 to the power of <paramref name="bits"/>.</returns>
    public int PlaceOf(IPAddressValue client, int bits) =>
        (int)(((_factor * client.ClientNetwork.Bits) + _term) >> (128 - bits));

    private static UInt128 Draw(IRandomSource random)
    {
        UInt128 drawn = 0;
        for (var part = 0; part < 4; part++)
        {
            drawn = (drawn << 32) | random.NextUInt32();
        }

        return drawn;
    }
}
