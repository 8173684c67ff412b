using ClusterDns.Core.Corefile;

namespace ClusterDns.Plugins.Dns64;

/// <summary>The <c>dns64</c> directive, read.</summary>
internal sealed class Dns64Options
{
    public Nat64Prefix Prefix { get; private set; } = Nat64Prefix.WellKnown;

    /// <summary>Makes addresses also where there are some.</summary>
    public bool TranslatesAll { get; private set; }

    /// <summary>Serves clients that come in over IPv4, too.</summary>
    public bool AllowsIPv4 { get; private set; }

    /// <param name="directives">Occurrences add up.</param>
    /// <param name="ignored">Called for each option that has no effect.</param>
    public static Dns64Options Read(IEnumerable<Directive> directives, Action<Directive> ignored)
    {
        var options = new Dns64Options();
        foreach (var directive in directives)
        {
            options.ReadOne(directive, ignored);
        }

        return options;
    }

    private void ReadOne(Directive directive, Action<Directive> ignored)
    {
        directive.ExpectArguments(0, 1);
        var hasArgument = directive.Arguments.Count > 0;
        if (hasArgument)
        {
            Prefix = Nat64Prefix.Read(directive.Arguments[0]);
        }

        foreach (var property in directive.Properties)
        {
            switch (property.Name)
            {
                case "prefix":
                    Prefix = Nat64Prefix.Read(property.ExpectArgument());
                    break;
                case "translate_all" or "allow_ipv4" when hasArgument:
                    // CoreDNS does not read them there, and what answers a client gets must not change with the server.
                    ignored(property);
                    break;
                case "translate_all":
                    TranslatesAll = true;
                    break;
                case "allow_ipv4":
                    AllowsIPv4 = true;
                    break;
                default:
                    throw property.UnknownProperty("prefix", "translate_all", "allow_ipv4");
            }
        }
    }
}
