using ClusterDns.Protocol.Edns;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Core.Pipeline;

/// <summary>
/// What a chain of plugins leaves for the transport to send. Records point into memory that outlives the query (zones,
/// caches) or into the response's own, which <see cref="Copy(ReadOnlySpan{byte}, out int)"/> hands out.
/// </summary>
public sealed class Response
{
    private const int FirstArena = 2048;
    private const int MaxKeptArena = 64 * 1024;

    private readonly ResponseSection _answer = new();
    private readonly ResponseSection _authority = new();
    private readonly ResponseSection _additional = new();
    private byte[] _arena = new byte[FirstArena];
    private int _arenaUsed;

    public ResponseState State { get; private set; }

    public ResponseCode Code { get; set; }

    /// <summary>As they will be sent; starts as the request's RD and CD (RFC 1035 §4.1.1, RFC 4035 §3.2.2). QR is added when sent.</summary>
    public HeaderFlags Flags { get; set; }

    public ResponseSection Answer => Filled(_answer);

    public ResponseSection Authority => Filled(_authority);

    public ResponseSection Additional => Filled(_additional);

    /// <summary>How many records <see cref="Answer"/> has; unlike a look at it, this leaves a kept answer as it is.</summary>
    public int AnswerCount => Kept?.AnswerCount ?? _answer.Count;

    /// <summary>The same of <see cref="Authority"/>.</summary>
    public int AuthorityCount => Kept?.AuthorityCount ?? _authority.Count;

    /// <summary>The same of <see cref="Additional"/>.</summary>
    public int AdditionalCount => Kept?.AdditionalCount ?? _additional.Count;

    /// <summary>An answer whose records nobody has looked at yet: they are not in the sections.</summary>
    internal KeptAnswer? Kept { get; private set; }

    /// <summary>Seconds; of all records of <see cref="Kept"/>.</summary>
    internal uint KeptTtl { get; private set; }

    /// <summary>Where the order of the addresses of <see cref="Kept"/> comes from; null: as they are kept.</summary>
    internal IRandomSource? KeptOrder { get; private set; }

    /// <summary>The directive that answered; "" where the server itself did.</summary>
    public string Source { get; set; } = "";

    /// <summary>Why a query failed, in words for the log; null where nothing failed.</summary>
    public string? Error { get; set; }

    /// <summary>True where there is nothing but a response code: no plugin made this response, so none may cache or alter it.</summary>
    public bool IsBare { get; private set; }

    /// <summary>False where the question could not be read.</summary>
    public bool IncludesQuestion { get; set; } = true;

    /// <summary>INFO-CODE to send (RFC 8914); null: none.</summary>
    public ExtendedDnsError? ExtendedError { get; set; }

    /// <summary>EXTRA-TEXT in UTF-8, sent with <see cref="ExtendedError"/>.</summary>
    public ReadOnlyMemory<byte> ExtendedErrorText { get; set; }

    /// <summary>Sends an OPT even to a client that sent none: only to carry an extended error as CoreDNS does.</summary>
    public bool ForcesOpt { get; set; }

    /// <summary>EDNS options to send, in wire form; a client without EDNS gets none.</summary>
    public ReadOnlyMemory<byte> EdnsOptions { get; set; }

    /// <summary>The state of this process that the answer was made from; a cache keeps it no longer than that is current.</summary>
    public StateVersion MadeFrom { get; set; }

    public bool IsAuthoritative
    {
        get => (Flags & HeaderFlags.Authoritative) != 0;
        set => Flags = value ? Flags | HeaderFlags.Authoritative : Flags & ~HeaderFlags.Authoritative;
    }

    public bool IsTruncated
    {
        get => (Flags & HeaderFlags.Truncated) != 0;
        set => Flags = value ? Flags | HeaderFlags.Truncated : Flags & ~HeaderFlags.Truncated;
    }

    /// <summary>Starts an answer: empty sections, NOERROR. <paramref name="source"/> is the directive's name.</summary>
    public void Begin(string source, bool authoritative, ResponseCode code = ResponseCode.NoError)
    {
        ClearSections();
        State = ResponseState.Answered;
        Source = source;
        Code = code;
        MadeFrom = default;
        IsBare = false;
        IsAuthoritative = authoritative;
    }

    /// <summary>
    /// Answers with records that are kept for the very name of the question, in its case; each will have
    /// <paramref name="ttl"/> (seconds). Comes after <see cref="Begin"/>.
    /// </summary>
    public void Take(KeptAnswer kept, uint ttl)
    {
        Kept = kept;
        KeptTtl = ttl;
        KeptOrder = null;
    }

    /// <summary>
    /// Has the addresses of a kept answer put into random order when they are sent. False: there is no kept answer, or it has
    /// more than a set of addresses.
    /// </summary>
    public bool TryShuffle(IRandomSource random)
    {
        if (Kept is not { IsAddressSet: true })
        {
            return false;
        }

        KeptOrder = random;
        return true;
    }

    /// <summary>Answers with a response code alone; <paramref name="error"/> is for the log.</summary>
    public void Fail(ResponseCode code, string source, string? error = null)
    {
        ClearSections();
        State = ResponseState.Answered;
        Source = source;
        Code = code;
        Error = error;
        MadeFrom = default;
        IsBare = true;
        IsAuthoritative = false;
    }

    /// <summary>Takes an answer back that was begun, for the next step to make one.</summary>
    public void Abandon()
    {
        ClearSections();
        State = ResponseState.Unanswered;
        Source = "";
        Code = ResponseCode.NoError;
        IsAuthoritative = false;
    }

    /// <summary>Nothing will be sent.</summary>
    public void Drop(string source)
    {
        ClearSections();
        State = ResponseState.Dropped;
        Source = source;
    }

    public void AddAnswer(NameRef owner, RecordType type, uint ttl, ReadOnlySpan<byte> rdata) =>
        AddCopy(Answer, owner, type, RecordClass.IN, ttl, rdata);

    public void AddAuthority(NameRef owner, RecordType type, uint ttl, ReadOnlySpan<byte> rdata) =>
        AddCopy(Authority, owner, type, RecordClass.IN, ttl, rdata);

    public void AddAdditional(NameRef owner, RecordType type, uint ttl, ReadOnlySpan<byte> rdata) =>
        AddCopy(Additional, owner, type, RecordClass.IN, ttl, rdata);

    /// <summary>Adds a record whose RDATA is copied into the response's own memory.</summary>
    public void AddCopy(ResponseSection section, NameRef owner, RecordType type, RecordClass recordClass, uint ttl, ReadOnlySpan<byte> rdata)
    {
        var buffer = Copy(rdata, out var offset);
        section.Add(new ResponseRecord(owner, type, recordClass, ttl, buffer, offset, rdata.Length));
    }

    /// <summary>Copies a name into the response's own memory.</summary>
    public NameRef CopyName(NameSpan name)
    {
        var buffer = Copy(name.Wire, out var offset);
        return new NameRef(buffer, offset, name.Length);
    }

    /// <summary>Copies octets into the response's own memory: where they are now.</summary>
    public byte[] Copy(ReadOnlySpan<byte> octets, out int offset)
    {
        var memory = Reserve(octets.Length, out var buffer, out offset);
        octets.CopyTo(memory);
        return buffer;
    }

    /// <summary>Room of the response's own to write into, valid until the query is done.</summary>
    public Span<byte> Reserve(int length, out byte[] buffer, out int offset)
    {
        if (_arena.Length - _arenaUsed < length)
        {
            // Records keep the old array alive; it is not copied.
            _arena = new byte[Math.Max(length, Math.Min(_arena.Length * 2, MaxKeptArena))];
            _arenaUsed = 0;
        }

        buffer = _arena;
        offset = _arenaUsed;
        _arenaUsed += length;
        return buffer.AsSpan(offset, length);
    }

    /// <summary>Copies what another response says, into this one's own memory.</summary>
    public void CopyFrom(Response other, QueryContext otherQuery) => CopyAll(other, otherQuery, isSameName: false);

    /// <summary>Copies a whole response to another query with the same question.</summary>
    public void CopyReply(Response other, QueryContext otherQuery) => CopyAll(other, otherQuery, isSameName: true);

    /// <summary>Appends another query's records, copied; owners that are that query's name become names of their own.</summary>
    public void CopyRecords(ResponseSection from, ResponseSection to, QueryContext fromQuery) =>
        CopyRecords(from, to, fromQuery, isSameName: false);

    private void CopyAll(Response other, QueryContext otherQuery, bool isSameName)
    {
        Begin(other.Source, other.IsAuthoritative, other.Code);
        Flags = other.Flags;
        IsBare = other.IsBare;
        Error = other.Error;
        ExtendedError = other.ExtendedError;
        ExtendedErrorText = CopyOctets(other.ExtendedErrorText);
        ForcesOpt = other.ForcesOpt;
        EdnsOptions = CopyOctets(other.EdnsOptions);
        CopyRecords(other.Answer, Answer, otherQuery, isSameName);
        CopyRecords(other.Authority, Authority, otherQuery, isSameName);
        CopyRecords(other.Additional, Additional, otherQuery, isSameName);
    }

    private void CopyRecords(ResponseSection from, ResponseSection to, QueryContext fromQuery, bool isSameName)
    {
        foreach (ref var record in from.Records)
        {
            var copy = record;
            copy.Owner = isSameName && record.Owner.IsQueryName ? NameRef.QueryName : CopyName(fromQuery.Resolve(record.Owner));
            var rdata = Copy(record.Rdata, out var offset);
            copy.SetRdata(rdata, offset, record.RdataLength);
            to.Add(copy);
        }
    }

    private ReadOnlyMemory<byte> CopyOctets(ReadOnlyMemory<byte> octets)
    {
        var buffer = Copy(octets.Span, out var offset);
        return buffer.AsMemory(offset, octets.Length);
    }

    private ResponseSection Filled(ResponseSection section)
    {
        if (Kept is { } kept)
        {
            Kept = null;
            kept.Fill(this, KeptTtl);
            if (KeptOrder is { } random)
            {
                _answer.Shuffle(.., random);
            }
        }

        return section;
    }

    public void ClearSections()
    {
        Kept = null;
        Clear(_answer);
        Clear(_authority);
        Clear(_additional);
    }

    // Most are empty, and stay untouched.
    private static void Clear(ResponseSection section)
    {
        if (section.Count > 0)
        {
            section.Clear();
        }
    }

    /// <summary>Takes what a response copies from its request.</summary>
    internal void TakeFlags(HeaderFlags requestFlags) =>
        Flags = requestFlags & (HeaderFlags.RecursionDesired | HeaderFlags.CheckingDisabled);

    internal void Reset()
    {
        ClearSections();
        State = ResponseState.Unanswered;
        Code = ResponseCode.NoError;
        Flags = HeaderFlags.None;
        Source = "";
        Error = null;
        MadeFrom = default;
        IsBare = false;
        IncludesQuestion = true;
        ExtendedError = null;
        ExtendedErrorText = default;
        ForcesOpt = false;
        EdnsOptions = default;
        _arenaUsed = 0;
        if (_arena.Length > MaxKeptArena)
        {
            _arena = new byte[FirstArena];
        }
    }
}
