using System.Runtime.CompilerServices;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Core.Zones;

/// <summary>One search in a zone, alias by alias, and what it has found out so far.</summary>
internal ref struct ZoneSearch(Zone zone, RecordType type, bool dnssecOk)
{
    /// <summary>Aliases in one answer; a longer chain is left to the client to go on with.</summary>
    private const int MaxAliases = 10;

    private ZoneProofs _proofs = new(zone);
    private ZoneGlue _glue = new(zone, dnssecOk);
    private AliasOwners _owners;
    private int _aliases;
    private bool _usedDname;
    private DnsName? _wildcard;

    // What is looked for now: an array that lives as long as the answer, once there was an alias.
    private ZoneName _last;

    public ZoneAnswer Run<TSink>(NameSpan name, ref TSink sink)
        where TSink : IZoneAnswerSink
    {
        while (true)
        {
            var node = zone.FindNode(name);
            var closest = node ?? zone.FindClosestEncloser(name);
            ZoneOutcome? outcome;
            if (closest.Barrier is { } barrier && IsBarrier(barrier, node))
            {
                outcome = barrier.Dname is not null && !ReferenceEquals(barrier, node)
                    ? Redirect(barrier, name, ref sink)
                    : Refer(barrier, ref sink);
            }
            else
            {
                outcome = node is not null ? AnswerExactly(node, ref sink) : AnswerByWildcard(closest, name, ref sink);
            }

            if (outcome is { } final)
            {
                return new ZoneAnswer(final, _last, node is { Sets.Length: 0 }, _wildcard);
            }

            name = _last.Span;
        }
    }

    // At its own name a DNAME stops nothing (RFC 6672 §2.3), nor does a cut a question for its DS (RFC 4035 §3.1.4.1).
    private readonly bool IsBarrier(ZoneNode barrier, ZoneNode? node) =>
        !ReferenceEquals(barrier, node) || (barrier.Cut is not null && type != RecordType.DS);

    private ZoneOutcome? AnswerExactly<TSink>(ZoneNode node, ref TSink sink)
        where TSink : IZoneAnswerSink
    {
        if (node.Cname is { } cname && type != RecordType.CNAME)
        {
            ZoneLookup.AddSet(ZoneSection.Answer, node, cname, node.Owner, dnssecOk, ref sink);
            return Follow(node.Owner, cname, ref sink);
        }

        if (AddData(node, node.Owner, ref sink))
        {
            return ZoneOutcome.Success;
        }

        // Behind an alias to a name of the zone CoreDNS answers with NS instead of SOA; where the denial is to be proved,
        // RFC 2308 §3 goes first.
        if (_aliases > (type is RecordType.NS ? 1 : 0) && node.Sets.Length > 0 && !IsProving)
        {
            ZoneLookup.AddApexNs(zone, dnssecOk, ref sink);
            return ZoneOutcome.Success;
        }

        ZoneLookup.AddSoa(zone, dnssecOk, ref sink);
        if (IsProving)
        {
            _proofs.AddNoData(node, ref sink);
        }

        return ZoneOutcome.NoData;
    }

    private ZoneOutcome? AnswerByWildcard<TSink>(ZoneNode closest, NameSpan name, ref TSink sink)
        where TSink : IZoneAnswerSink
    {
        if (closest.Wildcard is not { } wildcard)
        {
            ZoneLookup.AddSoa(zone, dnssecOk, ref sink);
            if (IsProving)
            {
                _proofs.AddNXDomain(name, closest, ref sink);
            }

            return ZoneOutcome.NXDomain;
        }

        // The answer is the wildcard's with the name that was asked for (RFC 4592 §3.3.2).
        _wildcard = wildcard.Owner;
        var owner = sink.Keep(name);
        ZoneOutcome? outcome;
        if (wildcard.Cname is { } cname && type != RecordType.CNAME)
        {
            ZoneLookup.AddSet(ZoneSection.Answer, wildcard, cname, owner, dnssecOk, ref sink);
            outcome = Follow(owner, cname, ref sink);
        }
        else if (AddData(wildcard, owner, ref sink))
        {
            outcome = ZoneOutcome.Success;
        }
        else
        {
            ZoneLookup.AddSoa(zone, dnssecOk, ref sink);
            outcome = ZoneOutcome.NoData;
            if (IsProving)
            {
                _proofs.AddNoData(wildcard, ref sink);
            }
        }

        // No name closer to the question exists (RFC 4035 §3.1.3.3 and §3.1.3.4).
        if (IsProving)
        {
            _proofs.AddDenial(owner.Span, ref sink);
        }

        return outcome;
    }

    private readonly bool IsProving => dnssecOk && zone.IsSigned;

    private bool AddData<TSink>(ZoneNode node, ZoneName owner, ref TSink sink)
        where TSink : IZoneAnswerSink
    {
        if (type == RecordType.RRSIG)
        {
            if (!AddSignatures(node, owner, ref sink))
            {
                return false;
            }
        }
        else if (node.Find(type) is { } set)
        {
            ZoneLookup.AddSet(ZoneSection.Answer, node, set, owner, dnssecOk, ref sink);
            _glue.AddFor(set, owner, ref sink);
        }
        else
        {
            return false;
        }

        // The apex's NS set is not said twice.
        if (type != RecordType.NS || !ReferenceEquals(node, zone.Apex))
        {
            ZoneLookup.AddApexNs(zone, dnssecOk, ref sink);
        }

        return true;
    }

    private static bool AddSignatures<TSink>(ZoneNode node, ZoneName owner, ref TSink sink)
        where TSink : IZoneAnswerSink
    {
        var found = false;
        foreach (var signature in node.Signatures)
        {
            if (signature is not null)
            {
                sink.Add(ZoneSection.Answer, owner, signature);
                found = true;
            }
        }

        return found;
    }

    private ZoneOutcome Refer<TSink>(ZoneNode cut, ref TSink sink)
        where TSink : IZoneAnswerSink
    {
        // The NS set at a cut is the child's: it is not signed here (RFC 4035 §2.2).
        sink.Add(ZoneSection.Authority, cut.Owner, cut.Cut!); // A barrier without a DNAME is a cut.
        if (dnssecOk && cut.Find(RecordType.DS) is { } ds)
        {
            ZoneLookup.AddSet(ZoneSection.Authority, cut, ds, cut.Owner, dnssecOk, ref sink);
        }
        else if (IsProving)
        {
            _proofs.AddNoData(cut, ref sink);
        }

        _glue.AddForCut(cut, ref sink);
        return ZoneOutcome.Referral;
    }

    private ZoneOutcome? Redirect<TSink>(ZoneNode dname, NameSpan name, ref TSink sink)
        where TSink : IZoneAnswerSink
    {
        var set = dname.Dname!; // What called this looked.
        _usedDname = true;
        ZoneLookup.AddSet(ZoneSection.Answer, dname, set, dname.Owner, dnssecOk, ref sink);
        var prefix = name.Length - dname.Owner.Span.Length;
        var rdata = set.GetEnumerator();
        _ = rdata.MoveNext();
        if (prefix + rdata.Current.Length > NameSpan.MaxLength)
        {
            return ZoneOutcome.TooLong;
        }

        Span<byte> target = stackalloc byte[NameSpan.MaxLength];
        name.Wire[..prefix].CopyTo(target);
        rdata.Current.CopyTo(target[prefix..]);
        target = target[..(prefix + rdata.Current.Length)];
        if (target.SequenceEqual(name.Wire))
        {
            return ZoneOutcome.Loop;
        }

        var owner = _aliases > 0 ? _last : sink.Keep(name);
        var kept = sink.Keep(new NameSpan(target));
        sink.AddSynthesizedCname(owner, set.Ttl, kept);
        if (type == RecordType.CNAME)
        {
            ZoneLookup.AddApexNs(zone, dnssecOk, ref sink);
            return ZoneOutcome.Success;
        }

        return Follow(owner, kept, ref sink);
    }

    private ZoneOutcome? Follow<TSink>(ZoneName owner, RRset cname, ref TSink sink)
        where TSink : IZoneAnswerSink
    {
        var rdata = cname.GetEnumerator();
        _ = rdata.MoveNext();
        return WireName.TryMeasure(rdata.Current, out var length)
            ? Follow(owner, new ZoneName(cname.Rdata, rdata.Offset, length), ref sink)
            : ZoneOutcome.Loop;
    }

    private ZoneOutcome? Follow<TSink>(ZoneName owner, ZoneName target, ref TSink sink)
        where TSink : IZoneAnswerSink
    {
        _owners[_aliases++] = owner;
        if (_aliases == MaxAliases || WasFollowed(target))
        {
            if (_usedDname)
            {
                return ZoneOutcome.Loop;
            }

            ZoneLookup.AddApexNs(zone, dnssecOk, ref sink);
            return ZoneOutcome.Success;
        }

        _last = target;
        _wildcard = null;
        return target.Span.IsSubdomainOf(zone.Origin.Span) ? null : ZoneOutcome.OutOfZone;
    }

    private readonly bool WasFollowed(ZoneName target)
    {
        for (var index = 0; index < _aliases; index++)
        {
            if (_owners[index].Span.SequenceEqual(target.Span))
            {
                return true;
            }
        }

        return false;
    }

    [InlineArray(MaxAliases)]
    private struct AliasOwners
    {
        private ZoneName _first;
    }
}
