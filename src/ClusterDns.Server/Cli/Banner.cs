using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Server.Cli;

/// <summary>What is printed when the server has started: a line for each zone, then the version.</summary>
internal static class Banner
{
    public static void Write(TextWriter output, IReadOnlyList<BlockContext> blocks, int dnsPort)
    {
        foreach (var block in blocks)
        {
            foreach (var key in block.Block.Keys)
            {
                WriteZone(output, block, $"{(key.SchemeText == "dns" ? "" : key.SchemeText + "://")}{key.Zone}:{key.PortOr(dnsPort)}");
                if (!IsPreferredSyntax(key.Zone))
                {
                    output.WriteLine($"[WARNING] zone \"{key.Zone}\" is not in the preferred syntax of host names (RFC 1035 section 2.3.1)");
                }
            }
        }

        output.WriteLine(ProductVersion.Text);
        output.Flush();
    }

    private static void WriteZone(TextWriter output, BlockContext block, string zone)
    {
        if (block.BindAddresses.Count == 0)
        {
            output.WriteLine(zone);
        }

        foreach (var address in block.BindAddresses)
        {
            output.WriteLine($"{zone} on {address}");
        }
    }

    // Labels of letters, digits and inner hyphens; digits may come first (RFC 1123 §2.1), underscores are common and harmless.
    private static bool IsPreferredSyntax(DnsName zone)
    {
        for (var rest = zone.Span; !rest.IsRoot; rest = rest.Parent)
        {
            var label = rest.FirstLabel;
            if (label[0] == '-' || label[^1] == '-')
            {
                return false;
            }

            foreach (var octet in label)
            {
                if (!char.IsAsciiLetterOrDigit((char)octet) && octet is not ((byte)'-' or (byte)'_'))
                {
                    return false;
                }
            }
        }

        return true;
    }
}
