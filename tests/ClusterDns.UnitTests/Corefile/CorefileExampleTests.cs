using ClusterDns.Core.Corefile;
using Xunit;

namespace ClusterDns.UnitTests.Corefile;

public sealed class CorefileExampleTests
{
    [Fact]
    public void Corefile_example_is_kubeadms_Corefile()
    {
        CorefileDocument document = CorefileReader.ReadFile(
            Path.Combine(FindRoot(), "Corefile.example"), static _ => null);

        ServerBlock block = Assert.Single(document.Blocks);
        Assert.Empty(document.Warnings);
        Assert.Equal("dns://.:53", Assert.Single(block.Keys).ToString());
        Assert.Equal(
            "errors health ready kubernetes prometheus forward cache loop reload loadbalance",
            string.Join(' ', block.Directives.Select(directive => directive.Name)));
    }

    private static string FindRoot()
    {
        string? directory = AppContext.BaseDirectory;
        while (directory is not null && !File.Exists(Path.Combine(directory, "ClusterDns.sln")))
        {
            directory = Path.GetDirectoryName(directory);
        }

        return directory ?? throw new InvalidOperationException("The tests do not stand below ClusterDns.sln.");
    }
}
