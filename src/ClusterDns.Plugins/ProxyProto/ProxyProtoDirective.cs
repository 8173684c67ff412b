using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.ProxyProto;

/// <summary>Lets proxies say on whose behalf they send (HAProxy's PROXY protocol, versions 1 and 2).</summary>
internal static class ProxyProtoDirective
{
    public static string Name => "proxyproto";

    public static PluginFactory? Configure(DirectiveGroup directives, BlockContext block)
    {
        var directive = directives.ExpectOnce();
        directive.ExpectNoArguments();
        var allowed = new List<(IPAddressValue Prefix, int Length)>();
        ProxyPolicy? others = null;
        var lifetime = TimeSpan.Zero;
        var sessions = new ProxyProtoOptions().MaxSessions;
        foreach (var property in directive.Properties)
        {
            switch (property.Name)
            {
                case "allow":
                    allowed.AddRange(property.Arguments.Select(ParsePrefix));
                    break;
                case "default":
                    others = ParsePolicy(property.ExpectArgument());
                    break;
                case "udp_session_tracking":
                    property.ExpectArguments(1, 2);
                    lifetime = property.Arguments[0].ParseDuration();
                    sessions = property.Arguments.Count > 1 ? property.Arguments[1].ParseInt(min: 1) : sessions;
                    break;
                default:
                    throw property.UnknownProperty("allow", "default", "udp_session_tracking");
            }
        }

        block.Export(new ProxyProtoOptions
        {
            Allowed = allowed,

            // Whoever lists proxies trusts no others; whoever lists none trusts all.
            Default = others ?? (allowed.Count == 0 ? ProxyPolicy.Use : ProxyPolicy.Ignore),
            SessionLifetime = lifetime,
            MaxSessions = sessions,
        });
        return null;
    }

    private static (IPAddressValue Prefix, int Length) ParsePrefix(Token word) =>
        word.Text.Contains('/', StringComparison.Ordinal) && IPAddressValue.TryParsePrefix(word.Text, out var prefix, out var length)
            ? (prefix, length)
            : throw word.Unexpected("a prefix such as 10.0.0.0/8 or 2001:db8::/32");

    private static ProxyPolicy ParsePolicy(Token word) => word.Text.ToUpperInvariant() switch
    {
        "USE" => ProxyPolicy.Use,
        "IGNORE" => ProxyPolicy.Ignore,
        "REJECT" => ProxyPolicy.Reject,
        "SKIP" => ProxyPolicy.Skip,
        _ => throw word.Unexpected("use, ignore, reject or skip"),
    };
}
