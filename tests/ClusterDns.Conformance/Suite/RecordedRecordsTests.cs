using System.Text.Json.Nodes;
using ClusterDns.Conformance.Cases;
using ClusterDns.Testing.Wire;
using Xunit;

namespace ClusterDns.Conformance.Suite;

/// <summary>The judge reads and writes every record of the recordings as they have it, or its verdicts mean nothing.</summary>
public sealed class RecordedRecordsTests
{
    private static readonly string[] Sections = ["answer", "authority", "additional", "transfer"];

    // What a mask put into a line is no presentation format.
    private static readonly string[] Masked = ["SERIAL", "SIG", "PORT", "TEXT", "TTL"];

    [Fact]
    public void Judge_gives_back_every_recorded_record_when_it_is_encoded_and_decoded()
    {
        List<string> records = [.. Records().Where(static r => !r.Split(' ').Intersect(Masked).Any()).Distinct()];

        Assert.NotEmpty(records);
        Assert.All(records, static line =>
        {
            WireMessage message = new() { Answer = [RdataParser.ParseRecord(line)] };
            Assert.Equal(line, $"{WireMessage.Decode(message.Encode(compress: false)).Answer[0]}");
        });
    }

    private static IEnumerable<string> Records() =>
        from name in RecordingsFolder.Own.Scenarios()
        from c in RecordingsFolder.Own.Read(name).Cases
        from section in Sections
        let lines = c.Reply[section] as JsonArray
        where lines is not null
        from line in lines
        select $"{line}";
}
