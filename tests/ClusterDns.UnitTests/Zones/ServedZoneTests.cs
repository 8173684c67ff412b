using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Presentation;
using ClusterDns.Protocol.Records;
using Xunit;

namespace ClusterDns.UnitTests.Zones;

public sealed class ServedZoneTests
{
    private static readonly DnsName Origin = DnsName.Parse("example.");

    [Fact]
    public void ReadRecords_has_the_SOA_first_and_last()
    {
        var served = Serve(Version(1, "a A 192.0.2.1"));

        Assert.Equal(["SOA 1", "a A", "SOA 1"], Describe(served.ReadRecords()));
    }

    // RFC 1995 §4, with its own example's order.
    [Fact]
    public void ReadChanges_tells_each_step_removed_before_added()
    {
        var served = Serve(
            Version(1, "nezu A 192.0.2.5"),
            Version(2, "jain A 192.0.2.6\njain A 192.0.2.7"),
            Version(3, "jain A 192.0.2.7\njain A 192.0.2.8"));

        Assert.Equal(
            ["SOA 3", "SOA 1", "nezu A", "SOA 2", "jain A", "jain A", "SOA 2", "jain A", "SOA 3", "jain A", "SOA 3"],
            Describe(served.ReadChanges(1)));
        Assert.Equal(["SOA 3", "SOA 2", "jain A", "SOA 3", "jain A", "SOA 3"], Describe(served.ReadChanges(2)));
    }

    [Theory]
    [InlineData(3u)]
    [InlineData(4u)] // newer than ours
    public void ReadChanges_is_the_SOA_alone_where_nothing_lacks(uint since) =>
        Assert.Equal(["SOA 3"], Describe(Serve(Version(3, "")).ReadChanges(since)));

    [Fact]
    public void ReadChanges_knows_nothing_of_other_serials()
    {
        Assert.Null(Serve(Version(2, ""), Version(5, "")).ReadChanges(1));
        Assert.Null(new ServedZone(Origin).ReadChanges(1));
    }

    [Fact]
    public void A_TTL_that_changes_removes_and_adds()
    {
        var served = Serve(Version(1, "a 60 A 192.0.2.1\nb A 192.0.2.2"), Version(2, "a 61 A 192.0.2.1\nb A 192.0.2.2"));

        Assert.Equal(["SOA 2", "SOA 1", "a A", "SOA 2", "a A", "SOA 2"], Describe(served.ReadChanges(1)));
    }

    // RFC 1982 §3.2: 2 is newer than 4294967295.
    [Fact]
    public void Serials_wrap_around()
    {
        var served = Serve(Version(uint.MaxValue, ""), Version(2, "a A 192.0.2.1"));

        Assert.Equal(["SOA 2", "SOA 4294967295", "SOA 2", "a A", "SOA 2"], Describe(served.ReadChanges(uint.MaxValue)));
    }

    [Fact]
    public void A_serial_that_falls_begins_anew()
    {
        var served = Serve(Version(1, ""), Version(2, "a A 192.0.2.1"), Version(1, "b A 192.0.2.1"), Version(2, "c A 192.0.2.1"));

        Assert.Equal(["SOA 2", "SOA 1", "b A", "SOA 2", "c A", "SOA 2"], Describe(served.ReadChanges(1)));
    }

    [Fact]
    public void The_history_is_bounded_in_steps()
    {
        var served = new ServedZone(Origin);
        for (uint serial = 1; serial <= 200; serial++)
        {
            served.Replace(Version(serial, $"a A 192.0.2.{serial}"));
        }

        Assert.Null(served.ReadChanges(1));
        Assert.NotNull(served.ReadChanges(100));
    }

    [Fact]
    public void The_history_is_bounded_in_records()
    {
        static string Many(int first) => string.Concat(Enumerable.Range(first, 800).Select(static n => $"h{n} A 192.0.2.1\n"));
        var served = Serve(Version(1, Many(0)), Version(2, Many(1000)), Version(3, Many(1000) + "a A 192.0.2.1"));

        Assert.Null(served.ReadChanges(1));
        Assert.NotNull(served.ReadChanges(2));
    }

    [Fact]
    public void Signatures_are_told_by_what_they_cover()
    {
        const string A = "a RRSIG A 13 2 60 20300101000000 20260101000000 1 example. AA==\n";
        const string Mx = "a RRSIG MX 13 2 60 20300101000000 20260101000000 1 example. AA==\n";
        var served = Serve(Version(1, A), Version(2, A + Mx));

        Assert.Equal(["SOA 2", "SOA 1", "SOA 2", "a RRSIG", "SOA 2"], Describe(served.ReadChanges(1)));
    }

    private static ServedZone Serve(params Zone[] versions)
    {
        var served = new ServedZone(Origin);
        foreach (var version in versions)
        {
            served.Replace(version);
        }

        return served;
    }

    private static Zone Version(uint serial, string records) =>
        ZoneText.Read("example.", $"$TTL 60\n@ SOA ns h {serial} 2 3 4 5\n{records}\n");

    private static IEnumerable<string> Describe(IEnumerable<ResourceRecord>? records) => records!.Select(static record => // not null here
        record.Type is RecordType.SOA
            ? $"SOA {ZoneDifference.SerialOf(record)}"
            : $"{System.Text.Encoding.ASCII.GetString(record.Owner.Span.FirstLabel)} {RecordTypeText.Format(record.Type)}");
}
