using ClusterDns.Plugins.Secondary;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;
using ClusterDns.UnitTests.Zones;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Secondary;

public sealed class TransferReaderTests
{
    private static readonly DnsName Origin = DnsName.Parse("example.");

    [Fact]
    public void A_whole_zone_ends_with_its_SOA()
    {
        var reader = new TransferReader(Origin, known: null);

        Assert.Null(Feed(reader, Soa(1), Address("a"), Address("b")));
        Assert.False(reader.IsComplete);
        Assert.Null(Feed(reader, Soa(1)));

        Assert.True(reader.IsComplete);
        Assert.Null(reader.Steps);
        Assert.True(reader.Whole.TryBuild(out var zone, out _));
        Assert.Equal(3, zone.RecordCount);
    }

    // RFC 1995 §4: the older SOA, what goes, the newer SOA, what comes; the newest SOA first and last.
    [Fact]
    public void Steps_are_taken_apart()
    {
        var reader = new TransferReader(Origin, known: 1);

        Assert.Null(Feed(
            reader, Soa(3), Soa(1), Address("a"), Soa(2), Address("b"), Address("c"), Soa(2), Address("c"), Soa(3), Address("d"), Soa(3)));

        Assert.True(reader.IsComplete);
        Assert.Equal(["1-2 -1 +2", "2-3 -1 +1"], reader.Steps!.Select( // it came in steps
            static step => $"{step.From}-{step.To} -{step.Removed.Count} +{step.Added.Count}"));
    }

    [Fact]
    public void A_step_may_only_remove()
    {
        var reader = new TransferReader(Origin, known: 1);

        Assert.Null(Feed(reader, Soa(2), Soa(1), Address("a"), Soa(2), Soa(2)));

        Assert.True(reader.IsComplete);
        Assert.Empty(Assert.Single(reader.Steps!).Added); // it came in steps
    }

    // RFC 1995 §4: a primary may answer with everything all the same.
    [Fact]
    public void A_difference_may_come_whole()
    {
        var reader = new TransferReader(Origin, known: 1);

        Assert.Null(Feed(reader, Soa(3), Address("a"), Soa(3)));

        Assert.True(reader.IsComplete);
        Assert.Null(reader.Steps);
    }

    [Fact]
    public void A_zone_of_a_SOA_alone_is_whole()
    {
        var reader = new TransferReader(Origin, known: 1);

        Assert.Null(Feed(reader, Soa(3), Soa(3)));

        Assert.True(reader.IsComplete);
    }

    [Fact]
    public void What_does_not_fit_is_found()
    {
        Assert.NotNull(Feed(new TransferReader(Origin, null), Address("a")));
        Assert.NotNull(Feed(new TransferReader(Origin, null), Soa(1), Address("a"), Soa(2)));
        Assert.NotNull(Feed(new TransferReader(Origin, null), Soa(1), Soa(1), Address("a")));
        Assert.NotNull(Feed(new TransferReader(Origin, 1), Soa(3), Soa(1), Soa(2), Soa(3)));
        Assert.NotNull(Feed(new TransferReader(Origin, 1), Soa(3), Soa(1), Soa(1), Soa(1)));
    }

    private static string? Feed(TransferReader reader, params ResourceRecord[] records)
    {
        foreach (var record in records)
        {
            if (reader.Add(record) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    private static ResourceRecord Soa(uint serial) => ZoneText.Read("example.", $"@ 60 SOA ns h {serial} 2 3 4 5\n").SoaRecord;

    private static ResourceRecord Address(string label) =>
        new(DnsName.Parse(label + ".example."), RecordType.A, RecordClass.IN, 60, [192, 0, 2, 1]);
}
