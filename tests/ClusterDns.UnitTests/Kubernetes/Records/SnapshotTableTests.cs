using ClusterDns.Kubernetes.Records;
using CsCheck;
using Xunit;

namespace ClusterDns.UnitTests.Kubernetes.Records;

public sealed class SnapshotTableTests
{
    [Fact]
    public void Find_finds_what_was_added_and_not_removed() =>
        Gen.Select(Gen.Int[0, 40], Gen.Bool).Array[0, 300].Sample(steps =>
        {
            var table = new SnapshotTable<Item>();
            Dictionary<int, Item> model = [];
            foreach (var (number, adds) in steps)
            {
                if (adds && !model.ContainsKey(number))
                {
                    table.Add(model[number] = new Item(number));
                }
                else if (!adds && model.Remove(number, out var item))
                {
                    table.Remove(item);
                }
            }

            return table.Count == model.Count
                && Enumerable.Range(0, 41).All(number => ReferenceEquals(table.Find(new Key(number)), model.GetValueOrDefault(number)))
                && table.Entries.ToHashSet().SetEquals(model.Values);
        });

    [Fact]
    public async Task Find_always_finds_what_stays_while_a_writer_adds_and_removes()
    {
        var table = new SnapshotTable<Item>();
        for (var number = 0; number < 100; number++)
        {
            table.Add(new Item(number));
        }

        using var ending = new CancellationTokenSource();
        var reader = Task.Run(
            () =>
            {
                var missed = 0;
                while (!ending.IsCancellationRequested)
                {
                    for (var number = 0; number < 100; number++)
                    {
                        missed += table.Find(new Key(number)) is null ? 1 : 0;
                    }
                }

                return missed;
            },
            TestContext.Current.CancellationToken);
        for (var round = 0; round < 200; round++)
        {
            Item[] items = [.. Enumerable.Range(1000, 500).Select(static number => new Item(number))];
            Array.ForEach(items, table.Add);
            Array.ForEach(items, table.Remove);
        }

        await ending.CancelAsync();
        Assert.Equal(0, await reader);
        Assert.Equal(100, table.Count);
    }

    private sealed record Item(int Number) : ITableEntry
    {
        // Few values, so that entries meet.
        public ulong Hash => (ulong)(Number % 7);
    }

    private readonly struct Key(int number) : ITableKey<Item>
    {
        public ulong Hash => (ulong)(number % 7);

        public bool Matches(Item entry) => entry.Number == number;
    }
}
