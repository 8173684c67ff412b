using System.Globalization;
using ClusterDns.Core.Corefile;
using ClusterDns.Protocol.Edns;

namespace ClusterDns.Plugins.Rewrite;

/// <summary>Reads what stands behind <c>rewrite edns0</c>: <c>local|nsid|subnet set|append|replace|unset … [revert]</c>.</summary>
internal static class EdnsDirective
{
    public static EdnsRule Read(Directive directive, List<Token> words, bool stops)
    {
        if (words.Count < 2)
        {
            throw directive.Error("too few arguments for an edns0 rule");
        }

        var (kind, action) = (words[0], ReadAction(words[1]));
        var arguments = words[2..];
        var reverts = arguments.Count > 0 && arguments[^1].Text.Equals("revert", StringComparison.OrdinalIgnoreCase);
        if (reverts)
        {
            arguments.RemoveAt(arguments.Count - 1);
        }

        var isUnset = action is EdnsAction.Unset;
        switch (kind.Text.ToLowerInvariant())
        {
            case "local":
                Expect(directive, arguments, isUnset ? 1 : 2, isUnset ? "a code" : "a code and data");
                return Create(ReadCode(arguments[0]), isUnset ? EdnsValues.Constant([]) : EdnsValues.Read(arguments[1]));
            case "nsid":
                Expect(directive, arguments, 0, "nothing more");
                return Create(EdnsOptionCode.NSID, EdnsValues.Constant([]));
            case "subnet" when isUnset && arguments.Count == 0:
                return Create(EdnsOptionCode.ClientSubnet, EdnsValues.Constant([]));
            case "subnet":
                Expect(directive, arguments, 2, "a prefix length for IPv4 and one for IPv6");
                return Create(
                    EdnsOptionCode.ClientSubnet, EdnsValues.Subnet(arguments[0].ParseInt(0, 32), arguments[1].ParseInt(0, 128)));
            default:
                throw kind.Unexpected("local, nsid or subnet");
        }

        EdnsRule Create(EdnsOptionCode code, EdnsValue value) => new(code, action, value, reverts) { Stops = stops };
    }

    private static EdnsAction ReadAction(Token word) => word.Text.ToLowerInvariant() switch
    {
        "set" => EdnsAction.Set,
        "append" => EdnsAction.Append,
        "replace" => EdnsAction.Replace,
        "unset" => EdnsAction.Unset,
        _ => throw word.Unexpected("set, append, replace or unset"),
    };

    private static EdnsOptionCode ReadCode(Token word)
    {
        var isHex = word.Text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        return ushort.TryParse(
            word.Text.AsSpan(isHex ? 2 : 0),
            isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var code)
            ? (EdnsOptionCode)code
            : throw word.Unexpected("an option code, a number up to 65535 or up to 0xffff");
    }

    private static void Expect(Directive directive, List<Token> arguments, int count, string what)
    {
        if (arguments.Count != count)
        {
            throw directive.Error($"this edns0 rule needs {what}");
        }
    }
}
