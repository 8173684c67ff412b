using ClusterDns.Protocol.Names;

namespace ClusterDns.Protocol.Dnssec;

/// <summary>The next possible name behind another one in canonical order, for NSEC records made on the fly (RFC 4470, RFC 4471).</summary>
public static class NameSuccessor
{
    /// <summary>
    /// Writes the first name behind <paramref name="name"/> (RFC 4471 §3.1.2): <c>\000</c> and a dot in front, or where that
    /// is too long the first name behind all names below. Says how many octets it has.
    /// </summary>
    /// <param name="zone">Where the search ends: behind the last name of the zone comes its apex again.</param>
    public static int Write(NameSpan name, NameSpan zone, Span<byte> successor)
    {
        if (name.Length + 2 > NameSpan.MaxLength)
        {
            return WriteBehindSubtree(name, zone, successor);
        }

        successor[0] = 1;
        successor[1] = 0;
        OctetCase.ToLower(name.Wire, successor[2..]);
        return name.Length + 2;
    }

    /// <summary>Writes the first name behind <paramref name="name"/> and all names below it; says how many octets it has.</summary>
    public static int WriteBehindSubtree(NameSpan name, NameSpan zone, Span<byte> successor)
    {
        for (; name.Length > zone.Length; name = name.Parent)
        {
            var label = name.FirstLabel;
            if (label.Length < NameSpan.MaxLabelLength && name.Length < NameSpan.MaxLength)
            {
                successor[0] = (byte)(label.Length + 1);
                OctetCase.ToLower(label, successor[1..]);
                successor[label.Length + 1] = 0;
                OctetCase.ToLower(name.Parent.Wire, successor[(label.Length + 2)..]);
                return name.Length + 1;
            }

            // No room for an octet more: the last one that can grow does, and what stands behind it goes.
            for (var kept = label.Length; kept > 0; kept--)
            {
                var last = OctetCase.ToLower(label[kept - 1]);
                if (last == byte.MaxValue)
                {
                    continue;
                }

                successor[0] = (byte)kept;
                OctetCase.ToLower(label[..kept], successor[1..]);

                // Capitals are not octets of their own: behind '@' comes '['.
                successor[kept] = last == '@' ? (byte)'[' : (byte)(last + 1);
                OctetCase.ToLower(name.Parent.Wire, successor[(kept + 1)..]);
                return name.Length - label.Length + kept;
            }
        }

        OctetCase.ToLower(zone.Wire, successor);
        return zone.Length;
    }
}
