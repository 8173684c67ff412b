using ClusterDns.Core.Corefile;
using Xunit;
using static ClusterDns.UnitTests.Corefile.CorefileText;

namespace ClusterDns.UnitTests.Corefile;

public sealed class ServerBlockTests
{
    private const string Kubeadm = """
        .:53 {
            errors
            health {
                lameduck 5s
            }
            ready
            kubernetes cluster.local in-addr.arpa ip6.arpa {
                pods insecure
                fallthrough in-addr.arpa ip6.arpa
                ttl 30
            }
            prometheus :9153
            forward . /etc/resolv.conf {
                max_concurrent 1000
            }
            cache 30 {
                disable success cluster.local
                disable denial cluster.local
            }
            loop
            reload
            loadbalance
        }
        """;

    [Fact]
    public void Read_gives_every_directive_when_it_is_kubeadms_Corefile()
    {
        CorefileDocument document = Read(Kubeadm);

        ServerBlock block = Assert.Single(document.Blocks);
        Assert.Empty(document.Warnings);
        Assert.Equal("dns://.:53", Assert.Single(block.Keys).ToString());
        Assert.Equal(
            "errors; health(lameduck 5s); ready; kubernetes cluster.local in-addr.arpa ip6.arpa(pods insecure; "
            + "fallthrough in-addr.arpa ip6.arpa; ttl 30); prometheus :9153; "
            + "forward . /etc/resolv.conf(max_concurrent 1000); cache 30(disable success cluster.local; disable denial cluster.local); "
            + "loop; reload; loadbalance",
            Format(block.Directives));
        Assert.Equal([2, 3, 6, 7, 12, 13, 16, 20, 21, 22], block.Directives.Select(directive => directive.Line));
    }

    [Fact]
    public void Read_gives_blocks_in_the_order_of_the_file_when_there_are_several()
    {
        CorefileDocument document = Read("a.test {\n whoami\n}\nb.test:54 {\n}\n\ntls://c.test {\n errors\n}");

        Assert.Equal(
            ["dns://a.test.", "dns://b.test.:54", "tls://c.test."],
            document.Blocks.Select(block => block.Keys[0].ToString()));
        Assert.Equal([1, 4, 7], document.Blocks.Select(block => block.Line));
        Assert.All(document.Blocks, block => Assert.Equal("Corefile", block.File));
    }

    [Theory]
    [InlineData("a.test b.test {\n}")]
    [InlineData("a.test, b.test {\n}")]
    [InlineData("a.test,b.test {\n}")]
    [InlineData("a.test,\nb.test {\n}")]
    [InlineData("a.test,   \n\n  # between\n  b.test\n{\n}")]
    [InlineData("a.test , b.test {\n}")]
    [InlineData("\"a.test\" \"\" b.test {\n}")]
    [InlineData("a.test b.test")]
    public void Read_gives_both_keys_when_they_are_separated_by(string text) =>
        Assert.Equal("dns://a.test. dns://b.test.", Keys(text));

    [Theory]
    [InlineData(".:53 {\n whoami\n errors\n}")]
    [InlineData(".:53\n{\n whoami\n errors\n}\n")]
    [InlineData(".:53\n whoami\n errors\n")]
    [InlineData(".:53 {\n whoami\n errors }")]
    [InlineData(".:53 { whoami\n errors\n}")]
    [InlineData(".:53 {\r\n whoami\r\n errors\r\n}\r\n")]
    [InlineData("\uFEFF.:53 {\n whoami\n errors\n}")]
    [InlineData(".:53\u00a0{\u2003\n whoami\u0085\n errors\n}")]
    public void Read_gives_the_block_when_it_is_written_as(string text)
    {
        CorefileDocument document = Read(text);

        ServerBlock block = Assert.Single(document.Blocks);
        Assert.Equal("dns://.:53", Assert.Single(block.Keys).ToString());
        Assert.Equal("whoami; errors", Format(block.Directives));
        Assert.Empty(document.Warnings);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    [InlineData("\n\n   \r\n")]
    [InlineData("# nothing but a comment")]
    [InlineData("(snippet) {\n whoami\n}")]
    public void Read_gives_no_block_when_the_file_says_nothing(string text) => Assert.Empty(Read(text).Blocks);

    [Theory]
    [InlineData("a.test {\n whoami\n}\n}\n", "Corefile:4: ignoring '}', which closes nothing")]
    [InlineData("a.test\n whoami\n}\n", "Corefile:3: taking '}' as the end of a server block that was opened without '{'")]
    [InlineData("a.test {\n whoami\n}\n{\n errors\n}\n", "Corefile:4: ignoring a server block that names no zone")]
    public void Read_warns_when_what_it_accepts_is_hardly_meant(string text, string warning)
    {
        CorefileDocument document = Read(text);

        Assert.Equal("whoami", Format(Assert.Single(document.Blocks).Directives));
        Assert.Equal(warning, Assert.Single(document.Warnings));
    }

    [Fact]
    public void DirectivesNamed_gives_every_occurrence_in_file_order()
    {
        ServerBlock block = Read(".\nlog a.test\nerrors\nlog b.test\n").Blocks[0];

        DirectiveGroup log = block.DirectivesNamed("log");

        Assert.Equal("log", log.Name);
        Assert.Equal("log a.test; log b.test", Format(log));
        Assert.Equal("errors", block.DirectivesNamed("errors").ExpectOnce().Name);
        Assert.Empty(block.DirectivesNamed("whoami"));
    }

    [Fact]
    public void ExpectOnce_names_the_second_place_when_a_directive_is_repeated()
    {
        DirectiveGroup cache = Read(".\ncache\ncache\n").Blocks[0].DirectivesNamed("cache");

        CorefileException error = Assert.Throws<CorefileException>(cache.ExpectOnce);

        Assert.Equal("Corefile:3: plugin/cache: this plugin can only be used once per Server Block", error.Message);
    }
}
