using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace ClusterDns.Protocol.Names;

/// <summary>Room for one name in wire form, held inside its owner: 255 octets and a length. Starts as the root.</summary>
public struct NameBuffer
{
    private Octets _octets;
    private byte _length;

    /// <summary>The name; a view of this buffer, so it changes with it.</summary>
    [UnscopedRef]
    public readonly NameSpan Span => _length == 0 ? NameSpan.Root : new NameSpan(((ReadOnlySpan<byte>)_octets)[.._length]);

    /// <summary>All 255 octets, to write a name into before <see cref="SetLength"/>.</summary>
    [UnscopedRef]
    public Span<byte> Octets255 => _octets;

    public void Set(NameSpan name)
    {
        name.Wire.CopyTo(_octets);
        _length = (byte)name.Length;
    }

    public void SetLower(NameSpan name)
    {
        OctetCase.ToLower(name.Wire, _octets);
        _length = (byte)name.Length;
    }

    /// <summary>Says how many of the octets written are the name.</summary>
    public void SetLength(int length) => _length = (byte)length;

    [InlineArray(NameSpan.MaxLength)]
    private struct Octets
    {
        private byte _first;
    }
}
