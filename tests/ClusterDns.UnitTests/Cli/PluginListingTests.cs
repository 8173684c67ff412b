using ClusterDns.Server.Cli;
using Xunit;

namespace ClusterDns.UnitTests.Cli;

public sealed class PluginListingTests
{
    [Fact]
    public void Every_name_stands_on_a_line_of_its_own()
    {
        var lines = PluginListing.Text.Split('\n');
        var names = lines.Where(static line => line.StartsWith("  ", StringComparison.Ordinal)).Select(static line => line.Trim()).ToArray();
        Assert.Equal(["dns", "flag", "default", "dns.acl", "dns.any"], names[..5]);
        Assert.Equal(["dns.whoami", "on"], names[^2..]);
        Assert.Contains("dns.kubernetes", names);
        Assert.Equal(63, names.Distinct().Count());
        Assert.Equal(
            ["Server types:", "", "Caddyfile loaders:", "", "Other plugins:"],
            lines.Where(static line => !line.StartsWith(' ')));
    }
}
