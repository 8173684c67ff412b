using ClusterDns.Testing.Wire;

namespace ClusterDns.Testing.Upstream;

/// <summary>Fills a reply from zones: exact names, wildcards, CNAME and DNAME chains, NXDOMAIN and NODATA with SOA.</summary>
internal sealed class ZoneAnswer(Dictionary<WireName, ZoneContents> zones, WireMessage reply)
{
    private const ushort AuthoritativeAnswer = 0x0400;
    private const ushort NXDomain = 3;
    private const ushort Refused = 5;
    private const int LongestChain = 9;

    private static readonly ushort Cname = Mnemonics.TypeValue("CNAME");
    private static readonly ushort Dname = Mnemonics.TypeValue("DNAME");

    public void Fill(WireQuestion question)
    {
        WireName name = question.Name.ToLower();
        if (Closest(name) is null)
        {
            reply.Bits |= Refused;
            return;
        }

        reply.Bits |= AuthoritativeAnswer;
        for (int i = 0; i < LongestChain && Closest(name) is { } zone; i++)
        {
            if (Step(zone, name, question.Type) is not { } next)
            {
                return;
            }

            name = next;
        }
    }

    private ZoneContents? Closest(WireName name) =>
        zones.Values.Where(z => name.IsSubdomainOf(z.Origin)).MaxBy(static z => z.Origin.LabelCount);

    /// <summary>Answers for one name; the name to go on with where there is an alias.</summary>
    private WireName? Step(ZoneContents zone, WireName name, ushort type)
    {
        WireName? node = zone.Has(name) ? name : null;
        if (node is null && Alias(zone, name) is { } target)
        {
            return target;
        }

        if (node is null && !zone.HasBelow(name))
        {
            node = Wildcard(zone, name);
            if (node is null)
            {
                reply.Bits |= NXDomain;
                reply.Authority.Add(zone.NegativeSoa);
                return null;
            }
        }

        List<WireRecord> found = node is null ? [] : zone.Records(node, type);
        List<WireRecord> aliases = node is null || type == Cname ? [] : zone.Records(node, Cname);
        reply.Answer.AddRange((found.Count > 0 ? found : aliases).Select(r => r with { Owner = name }));
        if (found.Count == 0 && aliases.Count == 0)
        {
            reply.Authority.Add(zone.NegativeSoa);
        }

        return found.Count == 0 && aliases.Count > 0 ? new WireReader(aliases[0].Rdata).Name() : null;
    }

    private WireName? Alias(ZoneContents zone, WireName name)
    {
        for (int i = 1; i <= name.LabelCount - zone.Origin.LabelCount; i++)
        {
            if (zone.Records(name.Suffix(i), Dname) is [var dname])
            {
                WireName target = new(name.Labels.Take(i).Concat(new WireReader(dname.Rdata).Name().Labels));
                reply.Answer.Add(dname);
                reply.Answer.Add(new WireRecord(name, Cname, Mnemonics.InternetClass, dname.Ttl, target.ToWire()));
                return target;
            }
        }

        return null;
    }

    /// <summary>The wildcard below the closest encloser (RFC 4592 §2.2.1), if there is one.</summary>
    private static WireName? Wildcard(ZoneContents zone, WireName name)
    {
        WireName encloser = name.Parent;
        while (encloser.LabelCount > zone.Origin.LabelCount && !zone.Has(encloser) && !zone.HasBelow(encloser))
        {
            encloser = encloser.Parent;
        }

        WireName wildcard = encloser.Child("*");
        return zone.Has(wildcard) ? wildcard : null;
    }
}
