using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace ClusterDns.Protocol.Names;

/// <summary>Room for one name in wire form, held inside its owner: 255 octets and where it ends. Starts as the root.</summary>
public struct NameBuffer
{
    private Octets _octets;

    // Of the root's label: 0 in a buffer of zeros, which so is the root.
    private byte _last;

    /// <summary>The name; a view of this buffer, so it changes with it.</summary>
    [UnscopedRef]
    public readonly NameSpan Span
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(((ReadOnlySpan<byte>)_octets)[..(_last + 1)]);
    }

    /// <summary>All 255 octets, to write a name into before <see cref="SetLength"/>.</summary>
    [UnscopedRef]
    public Span<byte> Octets255 => _octets;

    public void Set(NameSpan name)
    {
        name = name.IsRoot ? NameSpan.Root : name;
        name.Wire.CopyTo(_octets);
        SetLength(name.Length);
    }

    public void SetLower(NameSpan name)
    {
        name = name.IsRoot ? NameSpan.Root : name;
        OctetCase.ToLower(name.Wire, _octets);
        SetLength(name.Length);
    }

    /// <summary>Says how many of the octets written are the name.</summary>
    public void SetLength(int length) => _last = (byte)(length - 1);

    [InlineArray(NameSpan.MaxLength)]
    private struct Octets
    {
        private byte _first;
    }
}
