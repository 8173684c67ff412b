using ClusterDns.Plugins.Secondary;
using ClusterDns.Protocol.Names;
using ClusterDns.UnitTests.Zones;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Secondary;

public sealed class CatalogContentsTests
{
    private const string Head = "$TTL 60\n@ SOA invalid. invalid. 1 2 3 4 5\n@ NS invalid.\n";
    private const string Version2 = "version TXT 2\n";

    [Fact]
    public void Members_have_their_identifiers()
    {
        var contents = CatalogContents.Read(
            ZoneText.Read("cat.", Head + Version2 + "a.zones PTR One.test.\nB.zones PTR two.test.\ngroup.a.zones TXT x\nother PTR three.test.\n"),
            out _);

        Assert.NotNull(contents);
        Assert.Equal(["one.test. a", "two.test. b"], contents.Members.Select(static member => $"{member.Key} {member.Value}").Order());
        Assert.Empty(contents.NewOwners);
    }

    // RFC 9432 §4.3.1
    [Fact]
    public void A_member_may_be_handed_over()
    {
        var contents = CatalogContents.Read(
            ZoneText.Read("cat.", Head + Version2 + "a.zones PTR one.test.\ncoo.a.zones PTR new.\n"), out _);

        Assert.Equal(DnsName.Parse("new."), contents?.NewOwners["a"]);
    }

    // RFC 9432 §4.2.1 and §4.1: no version or another one, and members that are not one zone.
    [Theory]
    [InlineData("a.zones PTR one.test.\n")]
    [InlineData("version TXT 1\na.zones PTR one.test.\n")]
    [InlineData("version TXT 2\nversion TXT 3\n")]
    [InlineData("version TXT 2 3\n")]
    [InlineData(Version2 + "a.zones PTR one.test.\na.zones PTR two.test.\n")]
    [InlineData(Version2 + "a.zones PTR one.test.\nb.zones PTR one.test.\n")]
    [InlineData(Version2 + "a.zones PTR one.test.\ncoo.a.zones PTR x.\ncoo.a.zones PTR y.\n")]
    public void A_broken_catalog_is_not_taken(string records)
    {
        Assert.Null(CatalogContents.Read(ZoneText.Read("cat.", Head + records), out var error));
        Assert.NotEmpty(error);
    }
}
