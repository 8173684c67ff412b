using System.Buffers.Binary;
using System.Threading.Tasks.Sources;
using ClusterDns.Core.Pipeline;

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

    /// <summary>Null for a probe: any reply will do.</summary>
    public QueryContext? Query { get; private set; }

    /// <summary>Whose share of the counters to count in.</summary>
    public int Worker => Query?.Worker ?? 0;

    public ushort Id { get; private set; }

    /// <summary>Timestamp at which the attempt has failed.</summary>
    public long Deadline { get; set; }

    /// <summary>True where a connection that lay idle must not be used: the last one turned out to be closed.</summary>
    public bool NeedsNewConnection { get; set; }

    /// <summary>Why the attempt failed, in words for the log.</summary>
    public string? Error { get; set; }

    /// <summary>The next one in the same bucket of a <see cref="PendingTable"/>.</summary>
    public Exchange? NextPending { get; set; }

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

    public void SetMessage(QueryContext? query, int length)
    {
        Query = query;
        MessageLength = length;
        BinaryPrimitives.WriteUInt16BigEndian(_buffer, (ushort)length);
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
        Error = null;
        return new ValueTask<ExchangeStatus>(this, _completion.Version);
    }

    /// <summary>Ends the attempt with what came back; the query goes on here, on this thread.</summary>
    public void Receive(ReadOnlySpan<byte> reply)
    {
        var status = ReplyReader.Read(reply, this);
        _completion.SetResult(status);
    }

    public void Fail(string error, ExchangeStatus status = ExchangeStatus.Failed)
    {
        Error = error;
        _completion.SetResult(status);
    }

    public ExchangeStatus GetResult(short token) => _completion.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _completion.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _completion.OnCompleted(continuation, state, token, flags);

    /// <summary>Lets go of the query, before the exchange goes back to its pool.</summary>
    public void Clear()
    {
        Query = null;
        Error = null;
        NeedsNewConnection = false;
    }
}
