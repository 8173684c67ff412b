using ClusterDns.Protocol.Names;

namespace ClusterDns.Core.Pipeline;

/// <summary>A name inside an array that lives at least as long as the response; the default is the query's own name.</summary>
public readonly struct NameRef(byte[] buffer, int offset, int length)
{
    private readonly byte[]? _buffer = buffer;
    private readonly int _offset = offset;
    private readonly byte _length = (byte)length;

    /// <summary>The name that is asked for, in the case it was asked in: what most owners are.</summary>
    public static NameRef QueryName => default;

    public bool IsQueryName => _buffer is null;

    /// <summary>Not for <see cref="QueryName"/>: ask <see cref="QueryContext.Resolve"/>.</summary>
    public NameSpan Span => new(_buffer.AsSpan(_offset, _length));

    public static implicit operator NameRef(DnsName name) => FromName(name);

    public static NameRef FromName(DnsName name) => new(name.Wire, 0, name.Wire.Length);
}
