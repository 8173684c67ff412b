using ClusterDns.Kubernetes.Records;
using CsCheck;
using Xunit;

namespace ClusterDns.UnitTests.Kubernetes.Records;

public sealed class AddressTableTests
{
    // Few keys, so that they are added, changed, taken away and added again.
    [Fact]
    public void A_table_holds_what_a_dictionary_holds() =>
        Gen.Select(Gen.UInt[0, 60], Gen.Int[0, 3]).Array[0, 400].Sample(static steps =>
        {
            var table = new AddressTable<IPv4Key>();
            Dictionary<uint, object> expected = [];
            foreach (var (number, owner) in steps)
            {
                table.Set(new IPv4Key(number), owner == 0 ? null : $"{owner}");
                if (owner == 0)
                {
                    expected.Remove(number);
                }
                else
                {
                    expected[number] = $"{owner}";
                }
            }

            for (uint number = 0; number <= 61; number++)
            {
                Assert.Equal(expected.GetValueOrDefault(number), table.Find(new IPv4Key(number)));
            }
        });

    [Fact]
    public void Addresses_that_come_and_go_leave_no_room_taken()
    {
        var table = new AddressTable<AddressKey>();
        table.Set(new AddressKey(0, 1), "stays");
        for (ulong number = 2; number < 100_000; number++)
        {
            table.Set(new AddressKey(0, number), "goes");
            table.Set(new AddressKey(0, number), null);
        }

        Assert.Equal("stays", table.Find(new AddressKey(0, 1)));
        Assert.Null(table.Find(new AddressKey(0, 99_999)));
        Assert.True(table.Capacity <= 64);
    }

    [Fact]
    public async Task A_reader_beside_the_writer_sees_no_one_elses_address()
    {
        var table = new AddressTable<IPv4Key>();
        var done = false;
        var reader = Task.Run(
            () =>
            {
                while (!Volatile.Read(ref done))
                {
                    for (uint number = 0; number < 512; number++)
                    {
                        if (table.Find(new IPv4Key(number)) is uint found)
                        {
                            Assert.Equal(number, found);
                        }
                    }
                }
            },
            TestContext.Current.CancellationToken);
        for (uint round = 0; round < 300; round++)
        {
            for (uint number = 0; number < 512; number++)
            {
                table.Set(new IPv4Key(number), ((number ^ round) & 1) == 0 ? number : null);
            }
        }

        Volatile.Write(ref done, true);
        await reader;
    }
}
