using System.Globalization;
using System.Text;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Plugins.Log;

/// <summary>Names as CoreDNS writes them into its log: a space or a quote behind a backslash, other octets as <c>\DDD</c>.</summary>
internal static class LogName
{
    public static string Format(NameSpan name)
    {
        if (name.IsRoot)
        {
            return ".";
        }

        var text = new StringBuilder(name.Length + 8);
        for (var rest = name; !rest.IsRoot; rest = rest.Parent)
        {
            foreach (var octet in rest.FirstLabel)
            {
                _ = (char)octet switch
                {
                    '.' or ' ' or '\'' or '@' or ';' or '(' or ')' or '"' or '\\' => text.Append('\\').Append((char)octet),
                    >= ' ' and <= '~' => text.Append((char)octet),
                    _ => text.Append('\\').Append(octet.ToString("D3", CultureInfo.InvariantCulture)),
                };
            }

            text.Append('.');
        }

        return text.ToString();
    }
}
