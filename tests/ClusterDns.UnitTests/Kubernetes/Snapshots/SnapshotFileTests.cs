using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Snapshots;
using ClusterDns.Kubernetes.Sync;
using ClusterDns.UnitTests.Kubernetes.Plugin;
using Xunit;

namespace ClusterDns.UnitTests.Kubernetes.Snapshots;

public sealed class SnapshotFileTests
{
    private static readonly byte[] Sample = SnapshotSample.Write(SnapshotSample.Cluster());

    [Fact]
    public void What_was_written_answers_as_what_it_was_taken_of()
    {
        var before = SnapshotSample.Cluster();
        var after = new ClusterHarness(SnapshotSample.Options());
        using var reader = new SnapshotReader(new MemoryStream(Sample));

        Assert.True(reader.TryReadHeader(out var header, out _));
        Assert.True(reader.IsWhole());
        Assert.True(reader.TryReadObjects(new SinkTarget(after.Sinks), out var objects));

        Assert.Equal(20, objects);
        Assert.Equal((SnapshotSample.Header.AsOf, SnapshotSample.Header.Versions), (header.AsOf, header.Versions));
        Assert.Equal(SnapshotSample.Header.Identity, header.Identity);
        foreach (var question in SnapshotSample.Questions)
        {
            Assert.Equal(before.Ask(question), after.Ask(question));
        }

        var outside = after.State.Records.Services.Single(static entry => entry.ToString() == "shop/outside").Service!;
        Assert.Equal(["192.0.2.9"], outside.ExternalIPs);
        Assert.Equal([("192.0.2.10", null), (null, "lb.example.test")], outside.Ingress.Select(static way => (way.IP, way.Hostname)));
    }

    [Fact]
    public void What_was_restored_makes_the_same_snapshot()
    {
        var after = new ClusterHarness(SnapshotSample.Options());
        using var reader = new SnapshotReader(new MemoryStream(Sample));
        Assert.True(reader.TryReadObjects(new SinkTarget(after.Sinks), out _));

        // Tables have no order of their own: the same objects, whatever frame comes first.
        Assert.Equal(Sample.Length, SnapshotSample.Write(after).Length);
    }

    [Fact]
    public void Reconciling_with_the_same_objects_changes_no_record()
    {
        var after = new ClusterHarness(SnapshotSample.Options());
        var target = Stores(after);
        using var reader = new SnapshotReader(new MemoryStream(Sample));
        Assert.True(reader.TryReadObjects(target, out _));
        var version = after.State.Version;

        using var again = new SnapshotReader(new MemoryStream(Sample));
        Assert.True(again.TryReadObjects(target, out _));

        Assert.Equal(version, after.State.Version);
    }

    [Fact]
    public void What_is_discarded_leaves_nothing()
    {
        var after = new ClusterHarness(SnapshotSample.Options());
        var target = Stores(after);
        using var reader = new SnapshotReader(new MemoryStream(Sample));
        Assert.True(reader.TryReadObjects(target, out _));

        target.Discard();

        Assert.Empty(after.State.Records.Services);
        Assert.Empty(after.State.Imports!.Services);
        Assert.Empty(after.State.Records.Pods.Entries);
        Assert.Empty(after.State.Records.Namespaces.Entries);
    }

    [Fact]
    public void A_file_that_was_cut_anywhere_is_not_whole()
    {
        for (var length = 0; length < Sample.Length; length++)
        {
            AssertIgnored(Sample[..length]);
        }
    }

    [Fact]
    public void A_file_with_one_bit_turned_anywhere_is_not_whole()
    {
        for (var position = 0; position < Sample.Length; position++)
        {
            var damaged = (byte[])Sample.Clone();
            damaged[position] ^= (byte)(1 << (position % 8));
            AssertIgnored(damaged);
        }
    }

    [Fact]
    public void A_file_with_something_behind_its_end_is_not_whole() => AssertIgnored([.. Sample, 0]);

    // As if the checksum had been made over the damage: the frames must hold by themselves, in time and memory.
    [Fact]
    public void Damage_below_the_checksum_is_found_or_harmless()
    {
        var random = new Random(20260801);
        var found = 0;
        for (var run = 0; run < 4000; run++)
        {
            var damaged = (byte[])Sample.Clone();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                damaged[random.Next(60, damaged.Length)] = (byte)random.Next(256);
            }

            var before = GC.GetAllocatedBytesForCurrentThread();
            using var reader = new SnapshotReader(new MemoryStream(damaged));
            found += reader.TryReadObjects(new SinkTarget(), out _) ? 0 : 1;
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 * 1024 * 1024);
        }

        Assert.InRange(found, 1000, 4000);
    }

    [Fact]
    public void Noise_is_no_snapshot()
    {
        var random = new Random(20260802);
        for (var run = 0; run < 500; run++)
        {
            var noise = new byte[random.Next(4096)];
            random.NextBytes(noise);
            AssertIgnored(noise);
            SnapshotFormat.Magic.CopyTo(noise.AsSpan(0, Math.Min(8, noise.Length)) is { Length: 8 } head ? head : new byte[8]);
            AssertIgnored(noise);
        }
    }

    [Fact]
    public void A_frame_that_claims_more_than_there_is_allocates_nothing_for_it()
    {
        var header = SnapshotSample.Write(new ClusterHarness(SnapshotSample.Options()));
        byte[] claim = [.. header[..^45], (byte)SnapshotKind.Service, 0xff, 0xff, 0x1f, 0, 1, 2, 3];
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var reader = new SnapshotReader(new MemoryStream(claim));
        Assert.False(reader.TryReadObjects(new SinkTarget(), out _));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 128 * 1024);
    }

    [Fact]
    public void Another_version_of_the_form_is_named()
    {
        var other = (byte[])Sample.Clone();
        other[8] = 2;
        using var reader = new SnapshotReader(new MemoryStream(other));
        Assert.False(reader.TryReadHeader(out _, out var fault));
        Assert.Equal("its form has version 2, expected 1", fault);
    }

    private static RestoreTarget Stores(ClusterHarness cluster)
    {
        var target = new RestoreTarget(new GrowthPace());
        var writer = new Lock();
        target.Namespaces.Add(null, new ObjectStore<Namespace>(cluster.Sinks.Namespaces, writer));
        target.Services.Add(null, new ObjectStore<Service>(cluster.Sinks.Services, writer));
        target.Slices.Add(null, new ObjectStore<EndpointSlice>(cluster.Sinks.EndpointSlices!, writer));
        target.Pods.Add(null, new ObjectStore<Pod>(cluster.Sinks.Pods!, writer));
        target.Imports.Add(null, new ObjectStore<ServiceImport>(cluster.Sinks.ServiceImports!, writer));
        target.ImportSlices.Add(null, new ObjectStore<EndpointSlice>(cluster.Sinks.MulticlusterEndpointSlices!, writer));
        return target;
    }

    private static void AssertIgnored(byte[] octets)
    {
        using var reader = new SnapshotReader(new MemoryStream(octets));
        Assert.False(reader.TryReadHeader(out _, out _) && reader.IsWhole());
    }
}
