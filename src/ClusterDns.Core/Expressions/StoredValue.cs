namespace ClusterDns.Core.Expressions;

/// <summary>A value that outlives a run: a constant, or an element of an array.</summary>
internal readonly struct StoredValue
{
    private readonly ValueKinds _kind;
    private readonly long _bits;
    private readonly object? _content;

    public StoredValue(ValueKinds kind, long bits)
    {
        _kind = kind;
        _bits = bits;
    }

    public StoredValue(string text)
    {
        _kind = ValueKinds.Text;
        _content = text;
    }

    public StoredValue(StoredValue[] items)
    {
        _kind = ValueKinds.Array;
        _content = items;
    }

    public ValueKinds Kind => _kind;

    public Value Load() => _kind switch
    {
        ValueKinds.Bool => Value.From(_bits != 0),
        ValueKinds.Int => Value.From(_bits),
        ValueKinds.Float => Value.From(BitConverter.Int64BitsToDouble(_bits)),
        ValueKinds.Text => Value.From(((string?)_content).AsSpan()),
        ValueKinds.Array => Value.From((StoredValue[]?)_content ?? []),
        _ => Value.Nil,
    };
}
