using ClusterDns.Core.Pipeline;

namespace ClusterDns.Core.Expressions;

/// <summary>One evaluation of an expression for a query.</summary>
internal ref struct ExpressionRun(QueryContext query, Span<char> memory)
{
    private readonly Span<char> _memory = memory;
    private int _used;

    public QueryContext Query { get; } = query;

    /// <summary>Something could not be computed: whatever comes out is not to be used.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>What <c>#</c> is now.</summary>
    public StoredValue Element { get; set; }

    /// <summary>What <c>#index</c> is now.</summary>
    public long Index { get; set; }

    public Value Fail()
    {
        HasFailed = true;
        return default;
    }

    /// <summary>Room for text, valid until the run ends.</summary>
    public Span<char> Reserve(int length)
    {
        if (_memory.Length - _used < length)
        {
            return new char[length];
        }

        _used += length;
        return _memory.Slice(_used - length, length);
    }

    /// <summary>Gives back what of the room reserved last was not needed.</summary>
    public void Return(int length) => _used = Math.Max(0, _used - length);
}
