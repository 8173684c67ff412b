using ClusterDns.Core.Corefile;
using ClusterDns.Protocol.Names;
using Xunit;
using static ClusterDns.UnitTests.Corefile.CorefileText;

namespace ClusterDns.UnitTests.Corefile;

public sealed class DirectiveTests
{
    [Fact]
    public void Properties_know_the_plugin_and_the_zones_around_them()
    {
        Directive forward = FirstDirective("forward . 10.0.0.1 {\n policy random\n}");

        Assert.Equal("forward", forward.Plugin);
        Assert.Equal("forward", Assert.Single(forward.Properties).Plugin);
        Assert.Equal("example.org. 10.in-addr.arpa.", string.Join(' ', forward.Properties[0].ServerZones));
        Assert.Equal("forward . 10.0.0.1", forward.ToString());
    }

    [Fact]
    public void Block_tells_no_braces_from_empty_ones()
    {
        Assert.Null(FirstDirective("log").Block);
        Assert.Empty(FirstDirective("log").Properties);
        Assert.Empty(FirstDirective("log {\n}").Block!); // Empty, so not null.
        Assert.Empty(FirstDirective("log { }").Block!); // Empty, so not null.
        Assert.Equal("class", Assert.Single(FirstDirective("log\n{\n class\n}").Properties).Name);
    }

    [Theory]
    [InlineData("log", 0, 0, null)]
    [InlineData("log a b", 1, 2, null)]
    [InlineData("log a b", 1, int.MaxValue, null)]
    [InlineData("log a", 0, 0, "Corefile:2: found 'a', expected the end of the line after 'log'")]
    [InlineData("log a\nb", 2, 2, "Corefile:2: found the end of the line after 'a', expected 2 arguments")]
    [InlineData("log", 1, 1, "Corefile:2: found the end of the line after 'log', expected 1 argument")]
    [InlineData("log", 1, 3, "Corefile:2: found the end of the line after 'log', expected at least 1 argument")]
    [InlineData("log a b c", 1, 2, "Corefile:2: found 'c', expected the end of the line after 'b'")]
    [InlineData("log \"a\nb\" \"c\nd\"", 1, 1, "Corefile:3: found 'c\\nd', expected the end of the line after 'a\\nb'")]
    public void ExpectArguments_refuses_other_counts(string line, int min, int max, string? message)
    {
        Directive directive = FirstDirective(line);

        Exception? error = Record.Exception(() => directive.ExpectArguments(min, max));

        Assert.Equal(message, error?.Message);
    }

    [Fact]
    public void ExpectNoArguments_and_ExpectNoBlock_refuse_what_is_there()
    {
        Directive directive = FirstDirective("any x {\n}");

        Assert.Equal(
            "Corefile:2: found 'x', expected the end of the line after 'any'",
            Assert.Throws<CorefileException>(directive.ExpectNoArguments).Message);
        Assert.Equal(
            "Corefile:2: found a block after 'any', expected the end of the line",
            Assert.Throws<CorefileException>(directive.ExpectNoBlock).Message);
        FirstDirective("any").ExpectNoArguments();
        FirstDirective("any").ExpectNoBlock();
    }

    [Fact]
    public void ExpectArgument_gives_the_only_argument()
    {
        Assert.Equal("5s", FirstDirective("cancel 5s").ExpectArgument().Text);
        Assert.Throws<CorefileException>(FirstDirective("cancel").ExpectArgument);
        Assert.Throws<CorefileException>(FirstDirective("cancel 5s 6s").ExpectArgument);
    }

    [Theory]
    [InlineData("cache", 0, "example.org. 10.in-addr.arpa.")]
    [InlineData("cache 30", 1, "example.org. 10.in-addr.arpa.")]
    [InlineData("cache 30 B.test 192.0.2.0/24 a.test.", 1, "b.test. 2.0.192.in-addr.arpa. a.test.")]
    [InlineData("cache b.test:53 dns://c.test", 0, "b.test. c.test.")]
    [InlineData("cache 10.0.0.0/15", 0, "0.10.in-addr.arpa. 1.10.in-addr.arpa.")]
    [InlineData("cache {$UNSET} b.test", 0, "b.test.")]
    [InlineData("cache {$UNSET}", 0, "example.org. 10.in-addr.arpa.")]
    public void ParseZones_gives_the_named_zones_or_those_of_the_block(string line, int first, string zones) =>
        Assert.Equal(zones, string.Join(' ', FirstDirective(line).ParseZones(first)));

    [Fact]
    public void ParseZones_gives_the_callers_default_when_no_zone_is_named() =>
        Assert.Equal(".", string.Join(' ', FirstDirective("x").ParseZones(0, [DnsName.Root])));

    [Fact]
    public void ParseZones_refuses_what_is_no_zone() => Assert.Equal(
        "Corefile:2: found 'a..b', expected a zone: it has an empty label",
        Assert.Throws<CorefileException>(() => FirstDirective("cache a..b").ParseZones()).Message);

    [Fact]
    public void UnknownProperty_names_the_property_and_what_is_known()
    {
        Directive property = FirstDirective("file z.zone {\n reload\n nothing\n}").Properties[1];

        Assert.Equal(
            "Corefile:4: found unknown property 'nothing' of file, expected one of reload, fallthrough",
            property.UnknownProperty("reload", "fallthrough").Message);
        Assert.Equal("reload", property.UnknownProperty("reload").Expected);
        Assert.Equal("'}'", property.UnknownProperty().Expected);
    }

    [Fact]
    public void Error_names_the_plugin_of_the_line() => Assert.Equal(
        "Corefile:3: plugin/forward: no such policy",
        FirstDirective("forward {\n policy x\n}").Properties[0].Error("no such policy").Message);
}
