using ClusterDns.Core.Pipeline;
using ClusterDns.Server.Transports;
using Xunit;

namespace ClusterDns.UnitTests.Transports;

public sealed class ClientHashTests
{
    private const int Bits = 4;

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.2")]
    [InlineData("10.0.0.1", "138.0.0.1")]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:2::1")]
    [InlineData("2001:db8::1", "a001:db8::1")]
    [InlineData("10.0.0.1", "0:0:a00:1::")]
    public void Two_clients_meet_by_one_chance_in_as_many_as_there_are_places(string one, string other)
    {
        const int Draws = 20_000;
        var meetings = Enumerable.Range(0, Draws).Select(static _ => new ClientHash(CryptographicRandom.Instance))
            .Count(hash => hash.PlaceOf(Client(one), Bits) == hash.PlaceOf(Client(other), Bits));

        // 1250 are to be expected; nine standard deviations are 308.
        Assert.InRange(meetings, 940, 1560);
    }

    [Fact]
    public void Addresses_of_one_network_are_one_client()
    {
        var hash = new ClientHash(CryptographicRandom.Instance);
        Assert.Equal(hash.PlaceOf(Client("2001:db8::1"), 31), hash.PlaceOf(Client("2001:db8::ffff:0:0:1"), 31));
        Assert.Equal(hash.PlaceOf(Client("10.0.0.1"), 31), hash.PlaceOf(Client("::ffff:10.0.0.1"), 31));
    }

    private static IPAddressValue Client(string text)
    {
        Assert.True(IPAddressValue.TryParse(text, out var address));
        return address;
    }
}
