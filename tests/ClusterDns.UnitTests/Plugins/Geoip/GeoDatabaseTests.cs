using System.Net;
using ClusterDns.Core.Pipeline;
using ClusterDns.Plugins.Geoip;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Geoip;

public sealed class GeoDatabaseTests
{
    [Theory]
    [InlineData(24, 6)]
    [InlineData(28, 6)]
    [InlineData(32, 6)]
    [InlineData(24, 4)]
    [InlineData(28, 4)]
    [InlineData(32, 4)]
    public void Find_finds_the_record_of_the_prefix(int recordBits, int version)
    {
        var builder = new GeoDatabaseBuilder("Test", version, recordBits)
            .Add("10.0.0.0/8", new() { ["name"] = "ten" })
            .Add("192.0.2.0/25", new() { ["name"] = "test" })
            .Add("192.0.2.128/32", new() { ["long"] = new string('x', 300), ["longer"] = new string('y', 40), ["name"] = "one" });
        if (version == 6)
        {
            builder.Add("2001:db8::/32", new() { ["name"] = "six" });
        }

        var database = GeoDatabase.Parse(builder.Build());

        Assert.Equal("Test", database.Type);
        Assert.Equal("ten", Name(database, "10.255.0.1"));
        Assert.Equal("test", Name(database, "192.0.2.127"));
        Assert.Equal("one", Name(database, "192.0.2.128"));
        Assert.Equal("", Name(database, "192.0.2.129"));
        Assert.Equal("", Name(database, "11.0.0.1"));
        Assert.Equal(version == 6 ? "six" : "", Name(database, "2001:db8::1"));
        Assert.Equal("", Name(database, "2001:db9::1"));
    }

    [Fact]
    public void Read_finds_values_of_all_kinds_behind_others()
    {
        var database = GeoDatabase.Parse(new GeoDatabaseBuilder("Test").Add("10.0.0.0/8", new()
        {
            ["map"] = new Dictionary<string, object> { ["inner"] = new object[] { "a", (ushort)7, true } },
            ["number"] = 396_982u,
            ["fraction"] = 52.25,
            ["again"] = "a",
            ["false"] = false,
            ["last"] = "end",
        }).Build());

        var record = database.Read(database.Find(IPAddressValue.From(IPAddress.Parse("10.0.0.1"))));

        Assert.Equal("a", record["map"u8]["inner"u8][0].Text);
        Assert.Equal(7ul, record["map"u8]["inner"u8][1].Number);
        Assert.True(record["map"u8]["inner"u8][2].IsTrue);
        Assert.Equal(GeoValueKind.None, record["map"u8]["inner"u8][3].Kind);
        Assert.Equal(396_982ul, record["number"u8].Number);
        Assert.Equal(52.25, record["fraction"u8].Fraction);
        Assert.Equal("a", record["again"u8].Text);
        Assert.False(record["false"u8].IsTrue);
        Assert.Equal("end", record["last"u8].Text);
        Assert.Equal("", record["missing"u8].Text);
    }

    [Fact]
    public void Parse_refuses_what_is_no_database()
    {
        Assert.Throws<InvalidDataException>(() => GeoDatabase.Parse([]));
        Assert.Throws<InvalidDataException>(() => GeoDatabase.Parse(new byte[1000]));
    }

    // Whatever a damaged file says, reading it ends and does not throw.
    [Fact]
    public void Damage_does_no_harm()
    {
        var whole = new GeoDatabaseBuilder("Test").Add("10.0.0.0/8", new()
        {
            ["map"] = new Dictionary<string, object> { ["inner"] = new object[] { "a", (ushort)7, true } },
            ["again"] = "a",
            ["name"] = "end",
        }).Build();
        var random = new Random(1);
        for (var run = 0; run < 2000; run++)
        {
            var damaged = (byte[])whole.Clone();
            for (var count = 0; count < 4; count++)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            try
            {
                Name(GeoDatabase.Parse(damaged), "10.0.0.1");
            }
            catch (InvalidDataException)
            {
                // Seen at the start: the operator is told.
            }
        }
    }

    private static string Name(GeoDatabase database, string address) =>
        database.Read(database.Find(IPAddressValue.From(IPAddress.Parse(address))))["name"u8].Text;
}
