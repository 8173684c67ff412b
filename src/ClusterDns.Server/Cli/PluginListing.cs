namespace ClusterDns.Server.Cli;

/// <summary>What <c>-plugins</c> prints, laid out as CoreDNS does, so that scripts that look for <c>dns.NAME</c> in it find it.</summary>
internal static class PluginListing
{
    // The only directive that CoreDNS takes from the framework below it, which names it without "dns.".
    private const string Framework = "on";

    public static string Text =>
        $"""
        Server types:
          dns

        Caddyfile loaders:
          flag
          default

        Other plugins:
        {string.Join('\n', PluginOrder.Plugins.Select(static plugin => Describe(plugin.Name)).Order(StringComparer.Ordinal))}
        """;

    private static string Describe(string name) => name == Framework ? "  " + name : "  dns." + name;
}
