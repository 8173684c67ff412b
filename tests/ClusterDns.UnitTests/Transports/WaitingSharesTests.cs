using ClusterDns.Core.Pipeline;
using ClusterDns.Server.Transports;
using ClusterDns.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Transports;

/// <summary>Who is refused first when there are hardly any places left to wait in.</summary>
public sealed class WaitingSharesTests
{
    private const int Ceiling = 900;

    private readonly WaitingShares _shares = new(CryptographicRandom.Instance);
    private int _waiting;

    [Fact]
    public void HasRoom_leaves_a_ninth_to_others_when_one_client_wants_everything()
    {
        var heavy = Client("10.0.0.1");
        Fill(heavy, 2 * Ceiling);

        Assert.Equal(Ceiling * 8 / 9, _waiting);
        Assert.True(_shares.HasRoom(Client("10.0.0.2"), _waiting, Ceiling));
        Assert.False(_shares.HasRoom(heavy, _waiting, Ceiling));
    }

    [Fact]
    public void HasRoom_refuses_those_with_most_first_when_several_are_heavy()
    {
        var clients = Enumerable.Range(1, 20).Select(static n => Client($"10.0.0.{n}")).ToArray();
        for (var round = 0; round < Ceiling; round++)
        {
            Array.ForEach(clients, client => Fill(client, 1));
        }

        // One that already had its share before the others came would be refused, and one of those that came last not.
        Assert.InRange(_waiting, Ceiling - 20, Ceiling - 1);
        Assert.All(clients, client => Assert.False(_shares.HasRoom(client, _waiting, Ceiling)));
        Assert.All(clients, client => Assert.InRange(_shares.Count(client), Ceiling / 20 - 3, Ceiling / 20 + 20));
        Assert.True(_shares.HasRoom(Client("192.0.2.1"), _waiting, Ceiling));
    }

    [Fact]
    public void HasRoom_is_false_for_everybody_at_the_ceiling()
    {
        Assert.False(_shares.HasRoom(Client("10.0.0.1"), Ceiling, Ceiling));
        Assert.False(_shares.HasRoom(Client("10.0.0.1"), 2 * Ceiling, Ceiling));
    }

    [Fact]
    public void Leave_gives_the_place_back()
    {
        var heavy = Client("10.0.0.1");
        var places = Fill(heavy, Ceiling);

        places.ForEach(_shares.Leave);

        Assert.Equal(0, _shares.Count(heavy));
    }

    [Fact]
    public void Count_takes_the_addresses_of_one_IPv6_network_for_one_client()
    {
        _shares.Enter(Client("2001:db8:0:1::1"));
        _shares.Enter(Client("2001:db8:0:1:ffff::2"));

        Assert.Equal(2, _shares.Count(Client("2001:db8:0:1::3")));
        Assert.Equal(0, _shares.Count(Client("2001:db8:0:2::1")));
    }

    [Fact]
    public void Count_of_a_client_is_rarely_that_of_a_heavy_one()
    {
        for (var times = 0; times < 1000; times++)
        {
            _shares.Enter(Client("10.0.0.1"));
        }

        // Both rows bring two together by one chance in sixteen millions.
        var hit = Enumerable.Range(0, 10_000).Count(n => _shares.Count(Client($"10.1.{n >> 8}.{n & 255}")) > 0);
        Assert.InRange(hit, 0, 2);
    }

    [Fact]
    public void Asking_and_waiting_allocate_nothing()
    {
        var client = Client("2001:db8::1");

        Assert.Equal(0, Allocation.Least(() =>
        {
            _shares.HasRoom(client, Ceiling - 1, Ceiling);
            _shares.Leave(_shares.Enter(client));
        }));
    }

    private static IPAddressValue Client(string text) => IPAddressValue.TryParse(text, out var address)
        ? address
        : throw new ArgumentException(text, nameof(text));

    private List<int> Fill(IPAddressValue client, int times)
    {
        var places = new List<int>();
        for (; times > 0 && _shares.HasRoom(client, _waiting, Ceiling); times--, _waiting++)
        {
            places.Add(_shares.Enter(client));
        }

        return places;
    }
}
