using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Cache;

/// <summary>
/// One response as it is kept: the other names and the RDATA of its records in one array, beside the form they are sent in.
/// Immutable but for how often it was asked for.
/// </summary>
internal sealed class CacheEntry : KeptAnswer
{
    // So often an entry is passed over when room is needed, for as many times that it has answered.
    private const int MaxUses = 3;

    private readonly KeptRecord[] _records;
    private readonly byte[] _octets;
    private readonly HeaderFlags _flags;
    private readonly StateVersion _madeFrom;
    private long _lastHit;
    private int _hits;
    private int _uses;
    private int _refreshing;
    private long _refreshNotBefore;

    private CacheEntry(CacheKey key, QueryContext query, ResponseKind kind, uint ttl, long stored)
        : base(query)
    {
        var response = query.Response;
        Key = key;
        Kind = kind;
        Ttl = ttl;
        Stored = stored;
        Code = response.Code;
        _madeFrom = response.MadeFrom;
        _flags = response.Flags & ~(HeaderFlags.RecursionDesired | HeaderFlags.CheckingDisabled);
        _records = new KeptRecord[AnswerCount + AuthorityCount + AdditionalCount];
        _octets = new byte[Measure(query, response.Answer) + Measure(query, response.Authority) + Measure(query, response.Additional)];
        var offset = 0;
        var next = 0;
        Keep(query, response.Answer, ref offset, ref next);
        Keep(query, response.Authority, ref offset, ref next);
        Keep(query, response.Additional, ref offset, ref next);
    }

    public CacheKey Key { get; }

    public ResponseKind Kind { get; }

    public ResponseCode Code { get; }

    /// <summary>Seconds it may be kept, from <see cref="Stored"/> on.</summary>
    public uint Ttl { get; }

    /// <summary>Timestamp of the <see cref="TimeProvider"/>.</summary>
    public long Stored { get; }

    /// <summary>False once what it was made from in this process has changed.</summary>
    public bool IsCurrent => _madeFrom.IsCurrent;

    /// <summary>Octets it takes, objects included: an estimate from above.</summary>
    public int Size => 320 + LargerSize + _octets.Length + (_records.Length * 32);

    public static CacheEntry Create(CacheKey key, QueryContext query, ResponseKind kind, uint ttl, long stored) =>
        new(key, query, kind, ttl, stored);

    /// <summary>True for the key's name, whatever the case.</summary>
    public bool IsFor(CacheKey key, NameSpan lowerName) => Key == key && Name.Equals(lowerName);

    /// <summary>
    /// Fills the response; every TTL becomes <paramref name="ttl"/>. What comes from the cache has AA set, as in CoreDNS;
    /// <paramref name="isFresh"/>: it has just come from downstream and keeps the flag it came with.
    /// </summary>
    public void Answer(QueryContext query, uint ttl, bool isFresh = false)
    {
        if (_uses < MaxUses)
        {
            _uses++;
        }

        var response = query.Response;
        var keptFlags = response.Flags & (HeaderFlags.RecursionDesired | HeaderFlags.CheckingDisabled);
        response.Begin(CachePlugin.Name, authoritative: true, Code);
        response.Flags = keptFlags | _flags | (isFresh ? HeaderFlags.None : HeaderFlags.Authoritative);
        if (!query.DnssecOk && (query.Flags & HeaderFlags.AuthenticData) == 0)
        {
            // RFC 6840 §5.8
            response.Flags &= ~HeaderFlags.AuthenticData;
        }

        // Owners that are the question's name can stand for it where it is asked for in the same case.
        var isSameCase = query.Name.SequenceEqual(Name);
        if (isSameCase && !query.IsRenamed)
        {
            response.Take(this, ttl);
        }
        else
        {
            Fill(response, ttl, isSameCase);
        }
    }

    /// <summary>Takes back one of the last few times that the entry has answered; false: there is none left.</summary>
    public bool TakeUse()
    {
        if (_uses == 0)
        {
            return false;
        }

        _uses--;
        return true;
    }

    /// <summary>Counts a hit; says how many came with gaps of at most <paramref name="gap"/> ticks.</summary>
    public int CountHit(long now, long gap)
    {
        var last = Interlocked.Exchange(ref _lastHit, now);
        if (now - last > gap)
        {
            Volatile.Write(ref _hits, 1);
            return 1;
        }

        return Interlocked.Increment(ref _hits);
    }

    /// <summary>True for one caller at a time, and not before the pause after a failed refresh is over: it refreshes the entry.</summary>
    public bool TryBeginRefresh(long now) =>
        now >= Volatile.Read(ref _refreshNotBefore) && Interlocked.Exchange(ref _refreshing, 1) == 0;

    /// <summary>Lets somebody else try again, from <paramref name="notBefore"/> on.</summary>
    public void EndRefresh(long notBefore)
    {
        Volatile.Write(ref _refreshNotBefore, notBefore);
        Volatile.Write(ref _refreshing, 0);
    }

    /// <summary>Takes over how often a refreshed entry was asked for.</summary>
    public void TakeHitsOf(CacheEntry older)
    {
        _hits = Volatile.Read(ref older._hits);
        _lastHit = Volatile.Read(ref older._lastHit);
    }

    protected override void Fill(Response response, uint ttl) => Fill(response, ttl, isSameCase: true);

    private void Fill(Response response, uint ttl, bool isSameCase)
    {
        var name = isSameCase ? NameRef.QueryName : response.CopyName(Name);
        for (var index = 0; index < _records.Length; index++)
        {
            ref var kept = ref _records[index];
            var section = index < AnswerCount ? response.Answer
                : index < AnswerCount + AuthorityCount ? response.Authority : response.Additional;
            var owner = kept.OwnerLength == 0 ? name : new NameRef(_octets, kept.OwnerOffset, kept.OwnerLength);
            section.Add(new ResponseRecord(owner, kept.Type, kept.Class, ttl, _octets, kept.RdataOffset, kept.RdataLength));
        }
    }

    private static int Measure(QueryContext query, ResponseSection section)
    {
        var size = 0;
        foreach (ref var record in section.Records)
        {
            size += record.RdataLength + (IsQueryName(query, record.Owner) ? 0 : query.Resolve(record.Owner).Length);
        }

        return size;
    }

    private void Keep(QueryContext query, ResponseSection section, ref int offset, ref int next)
    {
        foreach (ref var record in section.Records)
        {
            var ownerOffset = 0;
            var ownerLength = 0;
            if (!IsQueryName(query, record.Owner))
            {
                var owner = query.Resolve(record.Owner);
                ownerOffset = offset;
                ownerLength = owner.Length;
                owner.Wire.CopyTo(_octets.AsSpan(offset));
                offset += owner.Length;
            }

            record.Rdata.CopyTo(_octets.AsSpan(offset));
            _records[next++] = new KeptRecord(
                record.Type, record.Class, ownerOffset, (byte)ownerLength, offset, record.RdataLength);
            offset += record.RdataLength;
        }
    }

    // An owner of no octets is the name that was asked for.
    private readonly record struct KeptRecord(
        RecordType Type, RecordClass Class, int OwnerOffset, byte OwnerLength, int RdataOffset, ushort RdataLength);
}
