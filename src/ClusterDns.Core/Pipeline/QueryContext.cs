using ClusterDns.Core.Telemetry;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Core.Pipeline;

/// <summary>
/// One query on its way through a plugin chain. Pooled: keep nothing of it after the chain returns. One thread at a time
/// works on it; after an await that may be another thread.
/// </summary>
public sealed class QueryContext
{
    /// <summary>Octets of a request's buffer that are kept from query to query.</summary>
    public const int MaxKeptMessage = 1280;

    // What an IPv4 datagram has room for beside its headers.
    private const ushort MaxUdpPayload = 65_507;

    private NameBuffer _question;
    private NameBuffer _name;
    private NameBuffer _lowerName;
    private byte[] _message = [];
    private RequestEdns _edns;
    private MetadataValues? _metadata;

    // Counts the query if it is dropped for being one that would have to wait.
    private Counter? _waitingDrops;

    /// <summary>What will be sent.</summary>
    public Response Response { get; } = new();

    /// <summary>The last decision taken about this query.</summary>
    public Reason Reason { get; set; }

    /// <summary>The request as it came in.</summary>
    public ReadOnlySpan<byte> Message => _message.AsSpan(0, MessageLength);

    public int MessageLength { get; private set; }

    public TransportProtocol Transport { get; private set; }

    public SocketEndpoint Client { get; set; }

    /// <summary>The address the client asked; its port is the listening one.</summary>
    public SocketEndpoint Local { get; private set; }

    public ListenerIdentity Listener { get; private set; } = new("", 0);

    /// <summary>Which worker's share of the counters to count in.</summary>
    public int Worker { get; set; }

    /// <summary>
    /// False where too many queries wait already: a step that would wait (for an upstream) calls <see cref="DropForWaiting"/> instead.
    /// </summary>
    public bool MayWait { get; private set; } = true;

    /// <summary><see cref="TimeProvider.GetTimestamp"/> when the query was read.</summary>
    public long StartTimestamp { get; set; }

    public ushort Id { get; private set; }

    public OpCode OpCode { get; private set; }

    /// <summary>The request's flags, as plugins may have changed them.</summary>
    public HeaderFlags Flags { get; set; }

    /// <summary>QNAME as the client sent it: echoed in the response.</summary>
    public NameSpan QuestionName => _question.Span;

    public RecordType QuestionType { get; private set; }

    public RecordClass QuestionClass { get; private set; }

    /// <summary>The name that is looked for now, in the client's case: QNAME unless a plugin rewrote it.</summary>
    public NameSpan Name => IsRenamed ? _name.Span : _question.Span;

    /// <summary>True while <see cref="Name"/> is not the question's name.</summary>
    public bool IsRenamed { get; private set; }

    /// <summary><see cref="Name"/> in lower case, to search with.</summary>
    public NameSpan LowerName => _lowerName.Span;

    public RecordType Type { get; set; }

    public RecordClass Class { get; set; }

    public ref RequestEdns Edns => ref _edns;

    /// <summary>DO (RFC 3225).</summary>
    public bool DnssecOk => _edns.DnssecOk;

    /// <summary>The zone of the server block that was chosen, lower-cased; null before that.</summary>
    public DnsName? Zone => Route?.Zone;

    /// <summary>The server block that was chosen; null before that.</summary>
    public BlockContext? Block => Route?.Block;

    /// <summary>The query that caused this one inside the server; null for a client's own.</summary>
    public QueryContext? Parent { get; private set; }

    /// <summary>What <see cref="Zone"/> and <see cref="Block"/> are of.</summary>
    internal BlockRoute? Route { get; set; }

    /// <summary>Where queries that this one causes go; set when the query is routed, before that the one of the query before.</summary>
    internal IQueryHandler? Router { get; set; }

    /// <summary>How many queries inside the server led here: 0 for a client's own.</summary>
    public int Depth => Parent is null ? 0 : Parent.Depth + 1;

    /// <summary>Sends further messages on the client's connection before the response itself (zone transfer); null over UDP.</summary>
    public IResponseStream? Stream { get; set; }

    /// <summary>Where the TSIG record that ends the request begins; 0 where there is none.</summary>
    public int TsigOffset { get; internal set; }

    /// <summary>Signs what is sent; null where nobody asked for that.</summary>
    public IResponseSigner? Signer { get; set; }

    /// <summary>What the client's headers say of its own span; null: nothing, or they were not looked at.</summary>
    public CallerSpan? Caller { get; set; }

    /// <summary>Timestamp of the <see cref="TimeProvider"/> after which nobody need work on the query any more (<c>cancel</c>).</summary>
    public long Deadline { get; set; } = long.MaxValue;

    /// <summary>Labels that plugins put on the query (<c>metadata</c>); null where nobody asked for any.</summary>
    public MetadataValues? Metadata { get; private set; }

    public bool IsTcpLike => Transport is not TransportProtocol.Udp;

    /// <summary>Octets the response may have: 512 or what the client's OPT allows over UDP (RFC 6891 §6.2.5), else 65,535.</summary>
    public int MaxResponseSize =>
        IsTcpLike ? ushort.MaxValue : _edns.IsPresent ? Math.Clamp(_edns.PayloadSize, (ushort)512, MaxUdpPayload) : 512;

    /// <summary>What a name reference of this query's response stands for.</summary>
    public NameSpan Resolve(NameRef name) => name.IsQueryName ? Name : name.Span;

    /// <summary>Makes the chain look for another name from here on. Owners that stand for the query's name follow.</summary>
    public void Rename(NameSpan name)
    {
        _name.Set(name);
        _lowerName.SetLower(name);
        IsRenamed = true;
    }

    /// <summary>Goes back to the question's own name.</summary>
    public void RestoreName()
    {
        _lowerName.SetLower(_question.Span);
        IsRenamed = false;
    }

    /// <summary>
    /// Room for a request of this many octets, for a transport to receive into before <see cref="BeginRequest"/>. Never moved by
    /// the garbage collector where more than none and at most <see cref="MaxKeptMessage"/> octets are asked for.
    /// </summary>
    public byte[] GetMessageBuffer(int length)
    {
        if (_message.Length < length)
        {
            _message = length <= MaxKeptMessage ? NewMessageBuffer() : GC.AllocateUninitializedArray<byte>(length);
        }

        return _message;
    }

    /// <summary>Room for <see cref="MaxKeptMessage"/> octets that is never moved by the garbage collector.</summary>
    public static byte[] NewMessageBuffer() => GC.AllocateUninitializedArray<byte>(MaxKeptMessage, pinned: true);

    /// <summary>Takes a buffer that a transport has received a request into before <see cref="BeginRequest"/>; gives its own for it.</summary>
    public byte[] SwapMessageBuffer(byte[] buffer)
    {
        var own = _message;
        _message = buffer;
        return own;
    }

    /// <summary>Says where the request in the buffer came from; <see cref="QueryReader"/> reads it afterwards.</summary>
    public void BeginRequest(
        int length, TransportProtocol transport, in SocketEndpoint client, in SocketEndpoint local, ListenerIdentity listener)
    {
        MessageLength = length;
        Transport = transport;
        Client = client;
        Local = local;
        if (!ReferenceEquals(Listener, listener))
        {
            Listener = listener;
        }

        Clear();
    }

    /// <summary>Clears <see cref="MayWait"/>.</summary>
    /// <param name="drops">Counts the query if it is dropped for that; null: somebody else counts.</param>
    public void ForbidWaiting(Counter? drops)
    {
        MayWait = false;
        _waitingDrops = drops;
    }

    /// <summary>Leaves the query unanswered because it would have to wait and may not.</summary>
    /// <param name="source">The directive that would wait.</param>
    public void DropForWaiting(string source)
    {
        _waitingDrops?.Increment(Worker);
        Reason = new Reason(ReasonCode.TooManyQueries);
        Response.Drop(source);
    }

    /// <summary>Makes this a query of the server's own on behalf of another one: same client, EDNS and flags.</summary>
    public void BeginInternal(QueryContext parent, NameSpan name, RecordType type)
    {
        MessageLength = 0;
        Transport = parent.Transport;
        Client = parent.Client;
        Local = parent.Local;
        Listener = parent.Listener;
        Clear();
        Parent = parent;
        Worker = parent.Worker;
        CopyWaiting(parent);
        StartTimestamp = parent.StartTimestamp;
        SetHeader(new MessageHeader(parent.Id, parent.Flags, OpCode.Query, ResponseCode.NoError, 1, 0, 0, 0));
        SetQuestion(name, type, parent.Class);
        _edns = parent._edns;
    }

    /// <summary>
    /// Makes this a query of the server's own for what another one asks now (a refresh of a cache): it goes on when the other
    /// is long answered, so it shares nothing with it.
    /// </summary>
    public void BeginCopy(QueryContext other, TransportProtocol transport)
    {
        MessageLength = 0;
        Transport = transport;
        Client = other.Client;
        Local = other.Local;
        Listener = other.Listener;
        Clear();
        Router = other.Router;
        Route = other.Route;
        Worker = other.Worker;
        StartTimestamp = other.StartTimestamp;
        SetHeader(new MessageHeader(other.Id, other.Flags, other.OpCode, ResponseCode.NoError, 1, 0, 0, 0));
        SetQuestion(other.Name, other.Type, other.Class);
        _edns = other._edns;
        _edns.Options = other._edns.Options.IsEmpty ? default : other._edns.Options.ToArray();
    }

    /// <summary>
    /// Makes this the query that another one is, for another name, to run through the rest of the same chain on its behalf
    /// (<c>autopath</c>). The other one must outlive it.
    /// </summary>
    public void BeginVariant(QueryContext other, NameSpan name)
    {
        MessageLength = 0;
        Transport = other.Transport;
        Client = other.Client;
        Local = other.Local;
        Listener = other.Listener;
        Clear();
        Parent = other.Parent;
        Router = other.Router;
        Route = other.Route;
        Worker = other.Worker;
        CopyWaiting(other);
        StartTimestamp = other.StartTimestamp;
        Deadline = other.Deadline;
        Metadata = other.Metadata;
        SetHeader(new MessageHeader(other.Id, other.Flags, other.OpCode, ResponseCode.NoError, 1, 0, 0, 0));
        SetQuestion(name, other.Type, other.Class);
        _edns = other._edns;
    }

    /// <summary>Makes this one wait only if the other may.</summary>
    public void CopyWaiting(QueryContext other)
    {
        MayWait = other.MayWait;
        _waitingDrops = other._waitingDrops;
    }

    internal void SetHeader(in MessageHeader header)
    {
        Id = header.Id;
        OpCode = header.OpCode;
        Flags = header.Flags;
        // RD and CD are copied from queries (RFC 1035 §4.1.1); a NOTIFY is none.
        Response.TakeFlags(header.OpCode is OpCode.Notify ? HeaderFlags.None : header.Flags);
    }

    /// <summary>Room to write QNAME into before <see cref="SetQuestion(int, RecordType, RecordClass)"/>.</summary>
    internal Span<byte> QuestionRoom => _question.Octets255;

    internal void SetQuestion(NameSpan name, RecordType type, RecordClass recordClass)
    {
        _question.Set(name);
        SetQuestion(name.Length, type, recordClass);
    }

    /// <param name="length">Octets of the name that stands in <see cref="QuestionRoom"/>.</param>
    internal void SetQuestion(int length, RecordType type, RecordClass recordClass)
    {
        OctetCase.ToLower(_question.Octets255[..length], _lowerName.Octets255);
        _question.SetLength(length);
        _lowerName.SetLength(length);
        QuestionType = Type = type;
        QuestionClass = Class = recordClass;
    }

    /// <summary>Begins to collect labels anew; the container is the context's own, so that a query costs no allocation.</summary>
    public MetadataValues CollectMetadata()
    {
        Metadata = _metadata ??= new MetadataValues();
        Metadata.Clear();
        return Metadata;
    }

    /// <summary>A view of the request, for options that are read where they are.</summary>
    internal ReadOnlyMemory<byte> MessageMemory(int offset, int length) => _message.AsMemory(offset, length);

    /// <summary>Lets go of everything, and of a request's buffer that is larger than most queries need.</summary>
    internal void Recycle()
    {
        Clear();
        Router = null;
        MessageLength = 0;
        if (_message.Length > MaxKeptMessage)
        {
            _message = [];
        }
    }

    /// <summary>Lets go of everything but the buffers, and of the router, which mostly is that of the next query.</summary>
    internal void Clear()
    {
        IsRenamed = false;
        MayWait = true;
        _waitingDrops = null;
        _edns = default;
        Reason = default;
        Route = null;
        Parent = null;
        Stream = null;
        TsigOffset = 0;
        Signer = null;
        Caller = null;
        _metadata?.Clear();
        Metadata = null;
        Deadline = long.MaxValue;
        Response.Reset();
    }
}
