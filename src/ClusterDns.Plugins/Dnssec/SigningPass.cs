using System.Buffers.Binary;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Dnssec;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Dnssec;

/// <summary>
/// One response on its way to being signed: first every RRset is looked up or handed to be signed, then the RRSIGs are
/// appended. Used again by one response after the other; allocates nothing where all signatures are kept already.
/// </summary>
internal sealed class SigningPass
{
    private readonly CanonicalRRset _canonical = new();
    private readonly SectionSets _sets = new();
    private RRsetSigner _signer = null!; // Set by Begin, which comes first.
    private ZoneSet _zones = ZoneSet.None;
    private DnssecMetrics _metrics = null!; // Set by Begin, which comes first.
    private Wanted[] _wanted = new Wanted[8];
    private int _count;

    /// <summary>Something is still being signed: <see cref="WaitAsync"/>.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>Something will not be signed, as too much waits already.</summary>
    public bool IsRefused { get; private set; }

    public void Begin(RRsetSigner signer, ZoneSet zones, DnssecMetrics metrics)
    {
        _signer = signer;
        _zones = zones;
        _metrics = metrics;
        _count = 0;
        IsWaiting = false;
        IsRefused = false;
    }

    /// <summary>Signs every RRset of a section that is authoritative data of a zone signed here and has no signature yet.</summary>
    public void AddSection(QueryContext query, ResponseSection section)
    {
        _sets.Read(query, section);
        for (var run = 0; run < _sets.Count; run++)
        {
            if (_sets.IsFirst(run) && FindZone(query, section, in section[_sets.Start(run)]) is { } zone)
            {
                _canonical.Begin(section[_sets.Start(run)].Type);
                for (var part = run; part >= 0; part = _sets.Next(part))
                {
                    for (var index = _sets.Start(part); index < _sets.End(part); index++)
                    {
                        _canonical.Add(section[index].Rdata);
                    }
                }

                Want(query, section, in section[_sets.Start(run)], zone, isDenial: false);
            }
        }
    }

    /// <summary>Signs a record that is an RRset of its own; it must be in the section, or be added to it.</summary>
    /// <param name="isDenial">It was made for this question.</param>
    public void AddRecord(QueryContext query, ResponseSection section, in ResponseRecord record, DnsName zone, bool isDenial)
    {
        _canonical.Begin(record.Type);
        _canonical.Add(record.Rdata);
        Want(query, section, in record, zone, isDenial);
    }

    /// <summary>False where something could not be signed.</summary>
    public async ValueTask<bool> WaitAsync()
    {
        for (var index = 0; index < _count; index++)
        {
            if (_wanted[index].Job is { } job)
            {
                if (await job.Done is not { } entry)
                {
                    return false;
                }

                _wanted[index].Entry = entry;
            }
        }

        return true;
    }

    /// <summary>Appends the RRSIGs to the sections that their RRsets stand in.</summary>
    public void Append()
    {
        foreach (ref var wanted in _wanted.AsSpan(0, _count))
        {
            wanted.Entry?.AddTo(wanted.Section, wanted.Owner, wanted.Ttl);
        }
    }

    /// <summary>Lets go of the response.</summary>
    public void Clear()
    {
        _wanted.AsSpan(0, _count).Clear();
        _count = 0;
    }

    private DnsName? FindZone(QueryContext query, ResponseSection section, in ResponseRecord first)
    {
        if (first.Class is not RecordClass.IN || first.Type is RecordType.RRSIG or RecordType.SIG or RecordType.OPT or RecordType.TSIG)
        {
            return null;
        }

        // DS is the parent's (RFC 4035 §2.4); an NS set of a cut is nobody's to sign (RFC 4035 §2.2).
        var owner = query.Resolve(first.Owner);
        var zone = _zones.Find(first.Type is RecordType.DS ? owner.Parent : owner);
        return zone is null || (first.Type is RecordType.NS && !zone.Span.Equals(owner)) || HasSignature(query, section, owner, first.Type)
            ? null
            : zone;
    }

    private static bool HasSignature(QueryContext query, ResponseSection section, NameSpan owner, RecordType type)
    {
        foreach (ref var record in section.Records)
        {
            if (record.Type is RecordType.RRSIG
                && (RecordType)BinaryPrimitives.ReadUInt16BigEndian(record.Rdata) == type
                && query.Resolve(record.Owner).Equals(owner))
            {
                return true;
            }
        }

        return false;
    }

    private void Want(QueryContext query, ResponseSection section, in ResponseRecord first, DnsName zone, bool isDenial)
    {
        var owner = query.Resolve(first.Owner);
        var canonical = _canonical.Write(owner, RecordClass.IN, RRsetSigner.OriginalTtl);
        Span<byte> digest = stackalloc byte[32];
        var shortened = SignatureContent.Shorten(canonical, digest);
        var hash = SignatureContent.HashOf(shortened);
        var entry = _signer.Find(hash, shortened);
        SigningJob? job = null;
        if (entry is null)
        {
            _metrics.Misses.Value.Increment(query.Worker);
            job = _signer.Start(hash, shortened, canonical, owner, first.Type, zone, isDenial);
            IsRefused |= job is null;
            IsWaiting = true;
        }
        else
        {
            _metrics.Hits.Value.Increment(query.Worker);
        }

        if (_count == _wanted.Length)
        {
            Array.Resize(ref _wanted, _count * 2);
        }

        _wanted[_count++] = new Wanted(section, first.Owner, first.Ttl, entry, job);
    }

    private record struct Wanted(ResponseSection Section, NameRef Owner, uint Ttl, SignatureEntry? Entry, SigningJob? Job);
}
