using System.Buffers.Binary;
using System.Threading.Tasks.Sources;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Forward;

/// <summary>
/// One question on its way to an upstream and back, reusable. Whoever takes it out of a <see cref="PendingTable"/> completes
/// it, and nobody else: that is what makes every attempt end once.
/// </summary>
internal sealed class Exchange : IValueTaskSource<ExchangeStatus>
{
    private const int LengthSize = 2;

    private byte[] _buffer = new byte[512 + LengthSize];
    private ManualResetValueTaskSourceCore<ExchangeStatus> _completion;

    // The exchange whose attempt this one hedges; null where the attempt is its own.
    private Exchange? _first;

    // Of the exchange that is waited for: ways that may still end its attempt, and whether one has.
    private int _open;
    private int _ended;

    /// <summary>Null for a probe, to which any reply will do, and for a hedge, which answers the query of another.</summary>
    public QueryContext? Query { get; private set; }

    /// <summary>Whose share of the counters to count in.</summary>
    public int Worker { get; private set; }

    /// <summary>Who is asked in this attempt; null for a probe.</summary>
    public Upstream? Upstream { get; set; }

    /// <summary>Who answered: the upstream of the attempt or of its hedge.</summary>
    public Upstream? Winner { get; private set; }

    /// <summary>Timestamp at which a second upstream is asked as well; <see cref="long.MaxValue"/>: none is.</summary>
    public long HedgeAt { get; set; } = long.MaxValue;

    /// <summary>Who is asked then.</summary>
    public Upstream? HedgeTo { get; set; }

    /// <summary>True where another exchange refers to this one, which is therefore neither used again nor pooled.</summary>
    public bool IsHedged { get; private set; }

    /// <summary>True where a reply with the right id to another question came: a forgery, or a confused upstream.</summary>
    public bool MetOtherQuestion { get; set; }

    /// <summary>True where a reply lacked what the upstream is known to repeat: perhaps a forgery, so TCP has to tell.</summary>
    public bool MetUnproven { get; set; }

    /// <summary>True where the letters of the question were drawn at random, so that a reply has to repeat them exactly.</summary>
    public bool ExpectsCase { get; set; }

    /// <summary>Octets of the message without what a <see cref="UpstreamProof"/> adds.</summary>
    public int PlainLength { get; private set; }

    /// <summary>Where in the message its OPT stands; 0: it has none.</summary>
    public int OptOffset { get; private set; }

    /// <summary>Octets of the question's name.</summary>
    public int NameLength { get; private set; }

    /// <summary>The name as it is sent.</summary>
    public NameSpan QuestionName => new(Message.Slice(MessageHeader.Size, NameLength));

    public RecordType QuestionType => (RecordType)BinaryPrimitives.ReadUInt16BigEndian(Message[(MessageHeader.Size + NameLength)..]);

    public RecordClass QuestionClass => (RecordClass)BinaryPrimitives.ReadUInt16BigEndian(Message[(MessageHeader.Size + NameLength + 2)..]);

    /// <summary>The next one in the same bucket of <see cref="InFlightQueries"/>.</summary>
    public Exchange? NextInFlight { get; set; }

    /// <summary>Those that wait for the answer to this one's question, the last comer first.</summary>
    public Exchange? Followers { get; set; }

    /// <summary>How many follow.</summary>
    public int FollowerCount { get; set; }

    /// <summary>The next one that follows the same exchange.</summary>
    public Exchange? NextFollower { get; set; }

    /// <summary>True where any reply will do.</summary>
    public bool IsProbe => Upstream is null;

    public ushort Id { get; private set; }

    /// <summary>Timestamp at which the attempt has failed.</summary>
    public long Deadline { get; set; }

    /// <summary>True where a connection that lay idle must not be used: the last one turned out to be closed.</summary>
    public bool NeedsNewConnection { get; set; }

    /// <summary>Why the attempt failed, in words for the log.</summary>
    public string? Error { get; set; }

    /// <summary>The next one in the same bucket of a <see cref="PendingTable"/>.</summary>
    public Exchange? NextPending { get; set; }

    /// <summary>Who wants to know how the attempt ends; null: nobody.</summary>
    public UpstreamTaps? Taps { get; set; }

    /// <summary>Timestamp of the attempt, for <see cref="Taps"/>.</summary>
    public long SentAt { get; set; }

    /// <summary>True where the attempt does not go by UDP, for <see cref="Taps"/>.</summary>
    public bool IsOverTcp { get; set; }

    public int MessageLength { get; private set; }

    public ReadOnlySpan<byte> Message => _buffer.AsSpan(LengthSize, MessageLength);

    public ReadOnlyMemory<byte> MessageMemory => _buffer.AsMemory(LengthSize, MessageLength);

    /// <summary>The message behind its length of two octets (RFC 1035 §4.2.2).</summary>
    public ReadOnlySpan<byte> Framed => _buffer.AsSpan(0, LengthSize + MessageLength);

    /// <summary>Room for a message of this many octets; <see cref="SetMessage"/> says how many it has.</summary>
    public Span<byte> GetBuffer(int length)
    {
        if (_buffer.Length < length + LengthSize)
        {
            _buffer = new byte[length + LengthSize];
        }

        return _buffer.AsSpan(LengthSize);
    }

    public void SetMessage(QueryContext? query, int length, int nameLength, int optOffset)
    {
        Attach(query);
        PlainLength = length;
        NameLength = nameLength;
        OptOffset = optOffset;
        ExpectsCase = false;
        SetLength(length);
    }

    /// <summary>Says how long the message is after something was put behind it.</summary>
    public void SetLength(int length)
    {
        MessageLength = length;
        BinaryPrimitives.WriteUInt16BigEndian(_buffer, (ushort)length);
    }

    /// <summary>The message to write to, with room behind it for what a <see cref="UpstreamProof"/> adds.</summary>
    public Span<byte> GetWholeBuffer() => GetBuffer(PlainLength + UpstreamProof.MaxSize);

    /// <summary>Says whose question this is where no message is sent for it.</summary>
    public void Attach(QueryContext? query)
    {
        Query = query;
        Worker = query?.Worker ?? 0;
    }

    public void SetId(ushort id)
    {
        Id = id;
        BinaryPrimitives.WriteUInt16BigEndian(_buffer.AsSpan(LengthSize), id);
    }

    /// <summary>Gets ready for an attempt; the task is to be awaited once.</summary>
    public ValueTask<ExchangeStatus> Begin()
    {
        _completion.Reset();
        _open = 1;
        _ended = 0;
        Error = null;
        Winner = null;
        HedgeAt = long.MaxValue;
        HedgeTo = null;
        MetOtherQuestion = false;
        MetUnproven = false;
        return new ValueTask<ExchangeStatus>(this, _completion.Version);
    }

    /// <summary>Ends the attempt with what came back; the query goes on here, on this thread.</summary>
    public void Receive(ReadOnlySpan<byte> reply)
    {
        var first = _first ?? this;
        if (Interlocked.Exchange(ref first._ended, 1) == 0)
        {
            first.Winner = Upstream;
            first.Tell(Upstream, Message, reply);
            first._completion.SetResult(ReplyReader.Read(reply, first, this));
        }
    }

    /// <summary>Ends the attempt without a reply, unless its hedge may still bring one.</summary>
    public void Fail(string error, ExchangeStatus status = ExchangeStatus.Failed)
    {
        var first = _first ?? this;
        if (Interlocked.Decrement(ref first._open) > 0 || Interlocked.Exchange(ref first._ended, 1) != 0)
        {
            Upstream?.Health.Suspect();
            return;
        }

        first.Error = error;
        first.Tell(Upstream, Message, reply: []);
        first._completion.SetResult(status);
    }

    private void Tell(Upstream? asked, ReadOnlySpan<byte> question, ReadOnlySpan<byte> reply)
    {
        if (Taps is { } taps && Query is { } query && asked is not null)
        {
            taps.Tell(query, asked.Address, IsOverTcp, SentAt, question, reply);
        }
    }

    /// <summary>Ends the wait of one that followed another: its response has been filled.</summary>
    public void Complete(ExchangeStatus status) => _completion.SetResult(status);

    /// <summary>
    /// Makes room for a hedge; only while the exchange waits in a table whose lock is held, so that it cannot end meanwhile.
    /// </summary>
    public void BeginHedge()
    {
        HedgeAt = long.MaxValue;
        IsHedged = true;
        Interlocked.Increment(ref _open);
    }

    /// <summary>Asks the second upstream; whichever answers first ends the attempt.</summary>
    public void SendHedge()
    {
        var hedge = Copy();
        hedge._first = this;
        hedge.Upstream = HedgeTo;
        hedge.Deadline = Deadline;
        HedgeTo!.Send(hedge, overTcp: false); // A hedge is due only where there is somebody to ask.
    }

    /// <summary>The same message, for an attempt of its own.</summary>
    public Exchange Copy()
    {
        var copy = new Exchange { NeedsNewConnection = NeedsNewConnection };
        Message.CopyTo(copy.GetBuffer(MessageLength));
        copy.SetMessage(query: null, MessageLength, NameLength, OptOffset);
        copy.Worker = Worker;
        return copy;
    }

    /// <summary>
    /// True where a datagram may be the reply to this question: its question is the same and it proves what it can, or it is too
    /// damaged to tell.
    /// </summary>
    public bool Accepts(ReadOnlySpan<byte> reply)
    {
        if (IsProbe)
        {
            return true;
        }

        if (!ReplyReader.MayAnswer(reply, this))
        {
            MetOtherQuestion = true;
            return false;
        }

        MetUnproven = Upstream?.Proof?.IsMissing(reply, this) == true;
        return !MetUnproven;
    }

    public ExchangeStatus GetResult(short token) => _completion.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _completion.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _completion.OnCompleted(continuation, state, token, flags);

    /// <summary>Lets go of the query, before the exchange goes back to its pool.</summary>
    public void Clear()
    {
        Query = null;
        Upstream = null;
        Taps = null;
        Winner = null;
        HedgeTo = null;
        Error = null;
        NeedsNewConnection = false;
    }
}
