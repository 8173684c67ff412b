using System.Runtime.CompilerServices;
using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Sync;
using CsCheck;
using Xunit;

namespace ClusterDns.UnitTests.Kubernetes.Sync;

public sealed class ObjectTableTests
{
    // Few keys in a small table, so that runs of used slots are long and go over its end.
    [Fact]
    public void A_table_holds_what_a_dictionary_holds() =>
        Gen.Select(Gen.Int[0, 40], Gen.Int[0, 2]).Array[0, 300].Sample(static steps =>
        {
            ObjectTable<Namespace> table = new();
            Dictionary<ObjectKey, Namespace> expected = [];
            foreach ((int number, int what) in steps)
            {
                Namespace item = new() { Namespace = "", Name = $"n{number}" };
                if (what == 0)
                {
                    Assert.Equal(expected.Remove(item.Key), table.Remove(item.Key, out _));
                }
                else if (expected.TryAdd(item.Key, item))
                {
                    table.Add(new(item, what, 0));
                }

                if (what == 2)
                {
                    table.Trim();
                }
            }

            Assert.Equal(expected.Count, table.Count);
            Assert.Equal(expected.Values.ToHashSet(), table.Slots.Select(slot => slot.Item).OfType<Namespace>().ToHashSet());
            for (int number = 0; number <= 41; number++)
            {
                ObjectKey key = new("", $"n{number}");
                ref ObjectTable<Namespace>.Slot slot = ref table.Find(key);
                Assert.Same(expected.GetValueOrDefault(key), Unsafe.IsNullRef(ref slot) ? null : slot.Item);
            }
        });

    [Fact]
    public void A_table_that_was_large_holds_what_is_left_after_a_trim()
    {
        ObjectTable<Namespace> table = new();
        for (int number = 0; number < 20_000; number++)
        {
            table.Add(new(new Namespace { Namespace = "", Name = $"n{number}" }, number, 0));
        }

        for (int number = 0; number < 20_000; number++)
        {
            Assert.True(number % 100 == 7 || table.Remove(new ObjectKey("", $"n{number}"), out _));
        }

        table.Trim();
        table.Add(new(new Namespace { Namespace = "", Name = "new" }, -1, 0));
        Assert.Equal(201, table.Count);
        for (int number = 7; number < 20_000; number += 100)
        {
            Assert.Equal(number, table.Find(new ObjectKey("", $"n{number}")).Generation);
        }

        Assert.Equal(-1, table.Find(new ObjectKey("", "new")).Generation);
        Assert.True(Unsafe.IsNullRef(ref table.Find(new ObjectKey("", "n8"))));
    }

    [Fact]
    public void Keys_of_one_name_in_two_namespaces_are_two()
    {
        ObjectTable<Service> table = new();
        table.Add(new(new Service { Namespace = "a", Name = "s" }, 0, 0));
        table.Add(new(new Service { Namespace = "b", Name = "s" }, 0, 0));
        Assert.True(table.Remove(new ObjectKey("a", "s"), out ObjectTable<Service>.Slot removed));
        Assert.Equal("a", removed.Item?.Namespace);
        Assert.False(Unsafe.IsNullRef(ref table.Find(new ObjectKey("b", "s"))));
    }
}
