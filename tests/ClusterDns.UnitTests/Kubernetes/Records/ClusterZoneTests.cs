using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Records;
using ClusterDns.UnitTests.Kubernetes.Plugin;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using static ClusterDns.UnitTests.Kubernetes.Records.TestCluster;

namespace ClusterDns.UnitTests.Kubernetes.Records;

public sealed class ClusterZoneTests
{
    private static readonly string[] Questions =
    [
        .. from space in new[] { "a", "b" }
           from service in new[] { "s", "t" }
           from type in new[] { "A", "AAAA", "SRV", "TXT", "CNAME" }
           from labels in new[] { "", "e0.", "_http._tcp.", "10-0-0-1." }
           select $"{labels}{service}.{space}.svc.cluster.local {type}",
        "1.0.0.10.in-addr.arpa PTR", "2.0.0.10.in-addr.arpa PTR", "1.0.96.10.in-addr.arpa PTR", "2.0.96.10.in-addr.arpa PTR",
        "a.svc.cluster.local A", "b.svc.cluster.local A",
    ];

    private static readonly Gen<ClusterObject> Objects = Gen.OneOf(
        Pick<ClusterObject>(Namespace("a"), Namespace("b")),
        Gen.Select(Pick("a", "b"), Pick("s", "t"), Gen.Int[0, 5]).Select(static (space, name, form) => (ClusterObject)(form switch
        {
            0 => Service(space, name, "10.96.0.1"),
            1 => Service(space, name, "10.96.0.1,10.96.0.2", "http/TCP/80 https/TCP/443"),
            2 => Service(space, name, "10.96.0.2,fd00::2"),
            3 => Alias(space, name, "s.b.svc.cluster.local"),
            _ => Service(space, name, "None"),
        })),
        Gen.Select(Pick("a", "b"), Pick("s", "t"), Pick("x", "y"), Gen.Int[0, 4]).Select(
            static (space, service, name, form) => (ClusterObject)(form switch
            {
                0 => Slice(space, service, name, "10.0.0.1 e0@10.0.0.2"),
                1 => Slice(space, service, name, "e0@10.0.0.1 e1@10.0.0.1", "http/TCP/80 https/TCP/443"),
                2 => Slice(space, service, name, "-10.0.0.1 10.0.0.2"),
                3 => Slice(space, service, name, "e0@fd00::1"),
                _ => Slice(space, service, name, ""),
            })));

    // Puts and deletes of objects that collide in every way: late namespaces, slices before their Service or after its
    // end.
    [Fact]
    public void Events_in_any_order_end_where_a_fresh_build_starts() =>
        Gen.Select(Objects, Gen.Int[0, 3]).Array[0, 30].Sample(
            static steps =>
            {
                var events = new ClusterHarness();
                Dictionary<(Type, ObjectKey), ClusterObject> present = [];
                foreach (var (item, deletes) in steps)
                {
                    var key = (item.GetType(), item.Key);
                    if (deletes > 0)
                    {
                        events.Put(present.GetValueOrDefault(key)?.Remember(null), item);
                        present[key] = item;
                    }
                    else if (present.Remove(key, out var old))
                    {
                        events.Delete(old.Remember(null));
                    }
                }

                var fresh = new ClusterHarness();
                foreach (var item in present.OrderBy(static pair => pair.Key.Item1.Name).ThenBy(static pair => pair.Key.Item2.ToString()))
                {
                    fresh.Put(null, item.Value);
                }

                foreach (var question in Questions)
                {
                    Assert.Equal(fresh.Ask(question), events.Ask(question));
                }
            },
            iter: 300);

    [Fact]
    public void An_event_makes_the_records_of_one_service()
    {
        var harness = new ClusterHarness();
        Fill(harness, services: 50, endpoints: 3);
        var before = harness.State.Records.Builds;

        harness.Put(Slice("n", "s7", "s7-a", "10.0.0.1"), Slice("n", "s7", "s7-a", "10.0.0.2"));

        Assert.Equal(1, harness.State.Records.Builds - before);
    }

    [Fact]
    public void An_event_that_changes_no_record_makes_none()
    {
        var slice = Slice("n", "s", "s-a", "10.0.0.1");
        var harness = new ClusterHarness().With(Namespace("n"), Service("n", "s", "None"), slice);
        var before = harness.State.Records.Builds;

        harness.Put(slice, Slice("n", "s", "s-a", "10.0.0.1 -10.0.0.9"));

        Assert.Equal(0, harness.State.Records.Builds - before);
    }

    [Fact]
    public void An_event_costs_the_same_in_a_large_cluster()
    {
        var small = new ClusterHarness();
        Fill(small, services: 100, endpoints: 10);
        var large = new ClusterHarness();
        Fill(large, services: 10_000, endpoints: 10);

        Assert.Equal(CostOfEvents(small), CostOfEvents(large));
    }

    [Fact]
    public void Serial_is_the_time_of_the_last_change_that_matters()
    {
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1000));
        var options = new RecordOptions();
        var zone = new ClusterZone(options, new NamespaceIndex(options), time);
        Assert.Equal(0u, zone.Serial);

        var slice = Slice("n", "s", "a", "10.0.0.1");
        zone.Upsert(null, slice);
        Assert.Equal(1000u, zone.Serial);

        time.Advance(TimeSpan.FromSeconds(5));
        zone.Upsert(slice, Slice("n", "s", "a", "10.0.0.1"));
        Assert.Equal(1000u, zone.Serial);

        zone.Upsert(slice, Slice("n", "s", "a", "10.0.0.2"));
        Assert.Equal(1005u, zone.Serial);

        time.Advance(TimeSpan.FromSeconds(5));
        zone.Upsert(null, Service("n", "s", "10.96.0.1"));
        Assert.Equal(1010u, zone.Serial);

        time.Advance(TimeSpan.FromSeconds(5));
        zone.Delete(Service("n", "s", "10.96.0.1"));
        Assert.Equal(1015u, zone.Serial);
    }

    private static Gen<T> Pick<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static void Fill(ClusterHarness harness, int services, int endpoints)
    {
        harness.With(Namespace("n"));
        for (var service = 0; service < services; service++)
        {
            harness.With(
                Service("n", $"s{service}", "None"),
                Slice("n", $"s{service}", $"s{service}-a", string.Join(' ', Enumerable.Range(0, endpoints).Select(
                    index => $"10.{service / 250}.{service % 250}.{index + 3}"))));
        }
    }

    // Octets allocated by a hundred changes of one slice; the table's growth is behind them.
    private static long CostOfEvents(ClusterHarness harness)
    {
        EndpointSlice[] states = [Slice("n", "s5", "s5-a", "11.0.0.1 11.0.0.2"), Slice("n", "s5", "s5-a", "11.0.0.1 11.0.0.3")];
        for (var warm = 0; warm < 1000; warm++)
        {
            harness.Put(states[warm % 2], states[(warm + 1) % 2]);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var run = 0; run < 100; run++)
        {
            harness.Put(states[run % 2], states[(run + 1) % 2]);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
