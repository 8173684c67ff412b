using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;
using Xunit;

namespace ClusterDns.UnitTests.Zones;

public sealed class ZoneEditTests
{
    private const string Soa = "$TTL 60\n@ SOA ns h 1 2 3 4 5\n";

    [Fact]
    public void Steps_lead_from_one_version_to_the_next()
    {
        var first = ZoneText.Read("example.", Soa + "a A 192.0.2.1\na A 192.0.2.2\nb 30 TXT x\nm MX 10 Mail.Example.\n");
        var last = ZoneText.Read("example.", Soa.Replace(" 1 ", " 2 ", StringComparison.Ordinal) + "a A 192.0.2.2\nb 31 TXT x\nc A 192.0.2.3\n");
        var edit = new ZoneEdit(first);

        Assert.True(edit.TryApply(ZoneDifference.Between(first, last)));
        Assert.True(edit.TryBuild(last.SoaRecord, out var built, out _));

        Assert.Equal(Describe(last), Describe(built));
    }

    [Fact]
    public void Names_in_records_are_compared_whatever_their_case()
    {
        var first = ZoneText.Read("example.", Soa + "m MX 10 mail.example.\n");
        var removed = new ResourceRecord(
            DnsName.Parse("M.example."), RecordType.MX, RecordClass.IN, 60, [0, 10, .. DnsName.Parse("MAIL.example.").Wire]);

        Assert.True(new ZoneEdit(first).TryApply(new ZoneDifference(first.SoaRecord, first.SoaRecord, [removed], [])));
    }

    [Fact]
    public void A_step_that_removes_what_is_not_there_does_not_fit()
    {
        var first = ZoneText.Read("example.", Soa + "a A 192.0.2.1\n");
        var removed = new ResourceRecord(DnsName.Parse("a.example."), RecordType.A, RecordClass.IN, 60, [192, 0, 2, 9]);
        var step = new ZoneDifference(first.SoaRecord, first.SoaRecord, [removed], []);

        Assert.False(new ZoneEdit(first).TryApply(step));
    }

    [Fact]
    public void What_a_step_adds_the_next_may_remove()
    {
        var first = ZoneText.Read("example.", Soa);
        var record = new ResourceRecord(DnsName.Parse("a.example."), RecordType.A, RecordClass.IN, 60, [192, 0, 2, 9]);
        var edit = new ZoneEdit(first);

        Assert.True(edit.TryApply(new ZoneDifference(first.SoaRecord, first.SoaRecord, [], [record])));
        Assert.True(edit.TryApply(new ZoneDifference(first.SoaRecord, first.SoaRecord, [record], [])));
        Assert.False(edit.TryApply(new ZoneDifference(first.SoaRecord, first.SoaRecord, [record], [])));
        Assert.True(edit.TryBuild(first.SoaRecord, out var built, out _));
        Assert.Equal(1, built.RecordCount);
    }

    private static IEnumerable<string> Describe(Zone zone) => zone.Records
        .Select(static record => $"{record.Owner} {record.Ttl} {record.Type} {Convert.ToHexString(record.Rdata)}")
        .Order(StringComparer.Ordinal);
}
