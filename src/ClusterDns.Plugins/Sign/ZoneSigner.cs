using System.Buffers.Binary;
using ClusterDns.Plugins.Dnssec;
using ClusterDns.Protocol.Dnssec;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Sign;

/// <summary>Signs a whole zone with NSEC (RFC 4035 §2): pure, the keys apart. Each key signs everything.</summary>
internal sealed class ZoneSigner(DnsName origin, IReadOnlyList<SigningKey> keys)
{
    /// <param name="records">Of the zone file; those of other names and those that signing makes are left out.</param>
    /// <param name="serial">The SOA's new one.</param>
    /// <param name="inception">As in an RRSIG; so is <paramref name="expiration"/>.</param>
    /// <param name="signed">SOA first, then the names in canonical order. Made while it is read.</param>
    /// <param name="error">What is wrong with the zone, where the result is false.</param>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A key cannot be used; while reading.</exception>
    public bool TrySign(
        IEnumerable<ResourceRecord> records,
        uint serial,
        uint inception,
        uint expiration,
        out IEnumerable<ResourceRecord> signed,
        out string error)
    {
        signed = [];
        var zone = new UnsignedZone(origin);
        foreach (var record in records)
        {
            zone.Add(record);
        }

        if (zone.Soa is not { Count: 1 } soa)
        {
            error = $"found {zone.Soa?.Count ?? 0} SOA records at {origin}, expected one";
            return false;
        }

        var ttl = soa[0].Ttl;
        var minimum = BinaryPrimitives.ReadUInt32BigEndian(soa[0].Rdata.AsSpan(^4));
        zone.Replace(RecordType.SOA, ttl, WithSerial(soa[0].Rdata, serial));
        foreach (var key in keys)
        {
            AddKey(zone, key, ttl);
        }

        error = "";
        signed = Sign(zone, new Window(inception, expiration), Math.Min(ttl, minimum));
        return true;
    }

    // What the parent is to know of a key stands in the zone (RFC 7344 §3). No SHA-1 (RFC 8624 §3.3).
    private void AddKey(UnsignedZone zone, SigningKey key, uint ttl)
    {
        zone.Add(new ResourceRecord(origin, RecordType.DNSKEY, RecordClass.IN, ttl, key.Dnskey), isMade: true);
        zone.Add(new ResourceRecord(origin, RecordType.CDNSKEY, RecordClass.IN, ttl, key.Dnskey), isMade: true);
        var digest = DsRdata.Create(origin.Span, key.Dnskey, DigestType.Sha256);
        zone.Add(new ResourceRecord(origin, RecordType.CDS, RecordClass.IN, ttl, digest), isMade: true);
    }

    /// <param name="nsecTtl">RFC 9077 §3: the lesser of the SOA's TTL and its MINIMUM.</param>
    private IEnumerable<ResourceRecord> Sign(UnsignedZone zone, Window window, uint nsecTtl)
    {
        var names = zone.Names;
        for (var index = 0; index < names.Count; index++)
        {
            var (owner, sets, isAuthoritative) = names[index];
            foreach (var set in sets)
            {
                foreach (var record in set)
                {
                    yield return record;
                }

                // Of a zone cut only DS is the parent's to sign (RFC 4035 §2.2).
                var isCut = isAuthoritative && zone.IsCut(owner);
                if (isAuthoritative && (!isCut || set[0].Type is RecordType.DS))
                {
                    foreach (var signature in SignSet(owner, set, window))
                    {
                        yield return signature;
                    }
                }
            }

            if (isAuthoritative)
            {
                List<ResourceRecord> nsec = [MakeNsec(zone, index, nsecTtl)];
                yield return nsec[0];
                foreach (var signature in SignSet(owner, nsec, window))
                {
                    yield return signature;
                }
            }
        }
    }

    private static ResourceRecord MakeNsec(UnsignedZone zone, int index, uint ttl)
    {
        var (owner, sets, _) = zone.Names[index];
        var next = index;
        do
        {
            next = (next + 1) % zone.Names.Count;
        }
        while (!zone.Names[next].IsAuthoritative);

        // At a zone cut the parent speaks of NS and DS only (RFC 4035 §2.3).
        var isCut = zone.IsCut(owner);
        var bitmap = TypeBitmap.Create(sets.Select(static set => set[0].Type)
            .Where(type => !isCut || type is RecordType.NS or RecordType.DS)
            .Append(RecordType.RRSIG)
            .Append(RecordType.NSEC));
        byte[] rdata = [.. zone.Names[next].Owner.Wire, .. bitmap];
        return new ResourceRecord(owner, RecordType.NSEC, RecordClass.IN, ttl, rdata);
    }

    private IEnumerable<ResourceRecord> SignSet(DnsName owner, List<ResourceRecord> set, Window window)
    {
        var canonical = new CanonicalRRset();
        canonical.Begin(set[0].Type);
        foreach (var record in set)
        {
            canonical.Add(record.Rdata);
        }

        var ttl = set[0].Ttl;
        var octets = canonical.Write(owner.Span, RecordClass.IN, ttl).ToArray();
        foreach (var key in keys)
        {
            var fields = new SignatureFields(
                set[0].Type,
                key.Algorithm,
                SignatureFields.CountLabels(owner.Span),
                ttl,
                window.Expiration,
                window.Inception,
                key.Tag);
            yield return new ResourceRecord(
                owner, RecordType.RRSIG, RecordClass.IN, ttl, RrsigRdata.Create(key, fields, origin.Span, octets));
        }
    }

    private static byte[] WithSerial(byte[] soa, uint serial)
    {
        var changed = (byte[])soa.Clone();
        BinaryPrimitives.WriteUInt32BigEndian(changed.AsSpan(^20), serial);
        return changed;
    }

    private readonly record struct Window(uint Inception, uint Expiration);
}
