using System.Text.RegularExpressions;
using ClusterDns.Core.Corefile;
using ClusterDns.Server;
using Xunit;

namespace ClusterDns.UnitTests.Repository;

public sealed partial class PluginTests
{
    // The order in which CoreDNS runs its directives.
    private const string Order =
        "root metadata geoip cancel proxyproto quic grpc_server https https3 timeouts multisocket reload nsid bufsize bind debug "
        + "trace ready health pprof shed prometheus errors log dnstap local dns64 any chaos loadbalance tsig rewrite autopath acl "
        + "cache header dnssec tls minimal template transfer hosts route53 azure clouddns k8s_external kubernetes file auto "
        + "secondary etcd loop forward grpc erratic whoami on sign view nomad";

    [Fact]
    public void Every_directive_stands_once_and_in_the_order_of_CoreDNS()
    {
        var names = PluginOrder.Plugins.Select(static plugin => plugin.Name).ToArray();

        Assert.Equal(Order.Split(' ').Where(names.Contains), names);
    }

    [Fact]
    public void Every_directive_has_a_README_that_shows_it()
    {
        var shown = Readmes().SelectMany(static path => Snippets(path))
            .SelectMany(static snippet => Read(snippet.Text, snippet.Path).Blocks)
            .SelectMany(static block => block.Directives)
            .Select(static directive => directive.Name)
            .ToHashSet();

        Assert.Empty(PluginOrder.Plugins.Select(static plugin => plugin.Name).Except(shown));
    }

    [Fact]
    public void Every_folder_of_a_directive_has_a_README_with_a_snippet()
    {
        var folders = Directory.EnumerateDirectories(Path.Combine(SourceTree.Root, "src/ClusterDns.Plugins"))
            .Where(static folder => SourceTree.Files(SourceTree.Relative(folder), "*Directive.cs").Any()
                || SourceTree.Files(SourceTree.Relative(folder), "*Plugin.cs").Any());

        var silent = folders.Where(static folder => !Snippets(Path.Combine(folder, "README.md")).Any()).Select(SourceTree.Relative);
        Assert.Equal("", string.Join('\n', silent));
    }

    [Fact]
    public void Every_snippet_is_a_Corefile()
    {
        var snippets = Readmes().Append(Path.Combine(SourceTree.Root, "README.md")).SelectMany(Snippets).ToArray();

        Assert.NotEmpty(snippets);
        var known = Order.Split(' ').ToHashSet();
        Assert.Empty(
            from snippet in snippets
            from block in Read(snippet.Text, snippet.Path).Blocks
            from directive in block.Directives
            where !known.Contains(directive.Name)
            select $"{SourceTree.Relative(snippet.Path)}: {directive}");
    }

    [Fact]
    public void The_example_is_a_Corefile()
    {
        var path = Path.Combine(SourceTree.Root, "Corefile.example");
        Assert.NotEmpty(Read(File.ReadAllText(path), path).Blocks);
    }

    private static IEnumerable<string> Readmes() => SourceTree.Files("src", "README.md");

    private static IEnumerable<(string Path, string Text)> Snippets(string path) => File.Exists(path)
        ? Snippet().Matches(File.ReadAllText(path)).Select(match => (path, match.Groups[1].Value))
        : [];

    private static CorefileDocument Read(string text, string path) => CorefileReader.ReadText(text, path, static _ => "value");

    [GeneratedRegex(@"^```corefile\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Snippet();
}
