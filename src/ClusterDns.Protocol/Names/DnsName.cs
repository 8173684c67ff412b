using System.Diagnostics.CodeAnalysis;

namespace ClusterDns.Protocol.Names;

/// <summary>An owned absolute name, kept in wire form with the case it came in; equality ignores ASCII case (RFC 4343 §3).</summary>
public sealed class DnsName : IEquatable<DnsName>, IComparable<DnsName>
{
    private readonly byte[] _wire;
    private int _hash;

    private DnsName(byte[] wire) => _wire = wire;

    public static DnsName Root { get; } = new([0]);

    public NameSpan Span => new(_wire);

    /// <summary>The wire form as an array that records may point into; it never changes.</summary>
    public byte[] Wire => _wire;

    public bool IsRoot => _wire.Length == 1;

    public int LabelCount => Span.LabelCount;

    /// <summary>Copies a well-formed uncompressed name.</summary>
    public static DnsName FromWire(ReadOnlySpan<byte> wire) => wire.Length <= 1 ? Root : new DnsName(wire.ToArray());

    /// <summary>Reads presentation form; without a final dot the name is taken as absolute all the same.</summary>
    /// <exception cref="FormatException">Not a name: says what is wrong with it.</exception>
    public static DnsName Parse(string text) =>
        TryParse(text, out var name, out var error) ? name : throw new FormatException($"'{text}' is not a name: {error}");

    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out DnsName? name) =>
        TryParse(text, out name, out _);

    /// <summary>Reads presentation form (RFC 1035 §5.1: <c>\.</c>, <c>\DDD</c>), absolute with or without a final dot.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out DnsName? name, out string error)
    {
        Span<byte> wire = stackalloc byte[NameSpan.MaxLength];
        if (!NameText.TryParse(text, wire, origin: NameSpan.Root, out var length, out error))
        {
            name = null;
            return false;
        }

        name = FromWire(wire[..length]);
        return true;
    }

    /// <summary>The same name in lower case; itself where it has no capital.</summary>
    public DnsName ToLower()
    {
        var lower = new byte[_wire.Length];
        OctetCase.ToLower(_wire, lower);
        return lower.AsSpan().SequenceEqual(_wire) ? this : new DnsName(lower);
    }

    public bool IsSubdomainOf(DnsName ancestor) => Span.IsSubdomainOf(ancestor.Span);

    public bool Equals(DnsName? other) => other is not null && (ReferenceEquals(this, other) || Span.Equals(other.Span));

    public override bool Equals(object? obj) => Equals(obj as DnsName);

    public override int GetHashCode()
    {
        if (_hash == 0)
        {
            _hash = Span.GetHashCode();
        }

        return _hash;
    }

    /// <summary>Canonical order (RFC 4034 §6.1).</summary>
    public int CompareTo(DnsName? other) => other is null ? 1 : Span.CompareTo(other.Span);

    public override string ToString() => NameText.Format(Span);

    public static bool operator ==(DnsName? left, DnsName? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(DnsName? left, DnsName? right) => !(left == right);

    public static bool operator <(DnsName left, DnsName right) => left.CompareTo(right) < 0;

    public static bool operator <=(DnsName left, DnsName right) => left.CompareTo(right) <= 0;

    public static bool operator >(DnsName left, DnsName right) => left.CompareTo(right) > 0;

    public static bool operator >=(DnsName left, DnsName right) => left.CompareTo(right) >= 0;
}
