using System.Net;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;
using ClusterDns.UnitTests.Corefile;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Geoip;

public sealed class GeoipDirectiveTests : IDisposable
{
    private static readonly Dictionary<string, object> Cambridge = new()
    {
        ["city"] = Named("Cambridge"),
        ["continent"] = new Dictionary<string, object> { ["code"] = "EU", ["names"] = Named("Europe")["names"] },
        ["country"] = new Dictionary<string, object>
        {
            ["iso_code"] = "GB", ["is_in_european_union"] = true, ["names"] = Named("United Kingdom")["names"],
        },
        ["location"] = new Dictionary<string, object> { ["latitude"] = 52.2242, ["longitude"] = -0.1315, ["time_zone"] = "Europe/London" },
        ["postal"] = new Dictionary<string, object> { ["code"] = "CB4" },
        ["subdivisions"] = new object[]
        {
            new Dictionary<string, object> { ["iso_code"] = "ENG" }, new Dictionary<string, object> { ["iso_code"] = "CAM" },
        },
    };

    private readonly TemporaryFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("city/name", "Cambridge", "")]
    [InlineData("country/code", "GB", "")]
    [InlineData("country/name", "United Kingdom", "")]
    [InlineData("country/is_in_european_union", "true", "false")]
    [InlineData("continent/code", "EU", "")]
    [InlineData("continent/name", "Europe", "")]
    [InlineData("subdivisions/code", "ENG,CAM", "")]
    [InlineData("latitude", "52.2242", "0")]
    [InlineData("longitude", "-0.1315", "0")]
    [InlineData("timezone", "Europe/London", "")]
    [InlineData("postalcode", "CB4", "")]
    public async Task Labels_say_where_the_client_is(string label, string here, string elsewhere)
    {
        var file = Write("GeoLite2-City", "10.0.0.0/8", Cambridge);

        Assert.Equal(here, await ReadAsync(file, label, "10.0.0.1"));
        Assert.Equal(elsewhere, await ReadAsync(file, label, "192.0.2.1"));
    }

    [Fact]
    public async Task Labels_say_whose_network_it_is()
    {
        var file = Write("GeoLite2-ASN", "10.0.0.0/8", new()
        {
            ["autonomous_system_number"] = 64496u, ["autonomous_system_organization"] = "Example",
        });

        Assert.Equal("64496", await ReadAsync(file, "asn/number", "10.0.0.1"));
        Assert.Equal("Example", await ReadAsync(file, "asn/org", "10.0.0.1"));
        Assert.Null(await ReadAsync(file, "city/name", "10.0.0.1"));
    }

    [Fact]
    public async Task A_client_subnet_counts_first_where_asked_for()
    {
        var file = Write("GeoLite2-City", "10.0.0.0/8", Cambridge);

        Assert.Equal("GB", await ReadAsync(file, "country/code", "192.0.2.1", "edns-subnet", withSubnet: true));
        Assert.Equal("", await ReadAsync(file, "country/code", "192.0.2.1", withSubnet: true));
        Assert.Equal("GB", await ReadAsync(file, "country/code", "10.9.9.9", "edns-subnet"));
    }

    [Fact]
    public async Task A_view_chooses_by_where_the_client_is()
    {
        var file = Write("GeoLite2-City", "10.0.0.0/8", Cambridge);
        var corefile = $". {{\n metadata\n geoip {file}\n view gb {{\n expr metadata('geoip/country/code') == 'GB'\n }}\n erratic {{\n drop 0\n }}\n}}\n";

        Assert.Single((await new ChainHarness(corefile) { Client = IPAddress.Parse("10.0.0.1") }.AskAsync("example.org"))!.Answer);
        Assert.Empty((await new ChainHarness(corefile) { Client = IPAddress.Parse("192.0.2.1") }.AskAsync("example.org"))!.Answer);
        Assert.Equal(0, new ChainHarness(corefile) { Client = IPAddress.Parse("10.0.0.1") }.MeasureAllocation("example.org"));
    }

    [Theory]
    [InlineData("geoip missing.mmdb", 2)]
    [InlineData("geoip", 2)]
    [InlineData("geoip DOMAIN", 2)]
    [InlineData("geoip CITY {\n languages en\n }", 3)]
    [InlineData("geoip CITY\n geoip CITY", 3)]
    public void Configure_says_where_the_mistake_is(string directive, int line)
    {
        directive = directive.Replace("CITY", Write("GeoLite2-City", "10.0.0.0/8", Cambridge), StringComparison.Ordinal)
            .Replace("DOMAIN", Write("GeoIP2-Domain", "10.0.0.0/8", Cambridge), StringComparison.Ordinal);

        Assert.Equal(line, Assert.Throws<CorefileException>(() => new ChainHarness($". {{\n {directive}\n}}\n")).Line);
    }

    private static Dictionary<string, object> Named(string name) =>
        new() { ["names"] = new Dictionary<string, object> { ["de"] = "other", ["en"] = name } };

    private static async Task<string?> ReadAsync(string file, string label, string client, string options = "", bool withSubnet = false)
    {
        var chain = new ChainHarness($". {{\n metadata\n geoip {file} {{\n {options}\n }}\n whoami\n}}\n") { Client = IPAddress.Parse(client) };
        var request = ChainHarness.Question("example.org", RecordType.A, edns: 1232);
        if (withSubnet)
        {
            // OPTION-CODE 8, 7 octets: IPv4, 24 bits, 10.1.2.
            request[^1] = 11;
            request = [.. request, 0, 8, 0, 7, 0, 1, 24, 0, 10, 1, 2];
        }

        var query = new QueryContext();
        await chain.RunAsync(query, request);
        return query.Metadata!.Find("geoip/" + label, query);
    }

    private string Write(string type, string prefix, Dictionary<string, object> record)
    {
        var path = _files.Path(type + ".mmdb");
        File.WriteAllBytes(path, new GeoDatabaseBuilder(type).Add(prefix, record).Build());
        return path;
    }
}
