using System.Buffers.Binary;
using System.Text;
using ClusterDns.Kubernetes.Sources.Json;

namespace ClusterDns.Kubernetes.Snapshots;

/// <summary>
/// Reads the fields of one frame. Nothing throws: a field that is not there reads as nothing and leaves
/// <see cref="IsDamaged"/>, after which everything reads as nothing.
/// </summary>
internal ref struct FrameReader(ReadOnlySpan<byte> octets, TextPool pool)
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private ReadOnlySpan<byte> _rest = octets;

    public bool IsDamaged { get; private set; }

    /// <summary>Every field was there and nothing is left over.</summary>
    public readonly bool IsDone => !IsDamaged && _rest.IsEmpty;

    public byte Byte() => Octets(1) is [var value] ? value : (byte)0;

    public ushort UInt16() => Octets(2) is { Length: 2 } octets ? BinaryPrimitives.ReadUInt16LittleEndian(octets) : (ushort)0;

    public long Int64() => Octets(8) is { Length: 8 } octets ? BinaryPrimitives.ReadInt64LittleEndian(octets) : 0;

    public int Short()
    {
        uint value = 0;
        for (var shift = 0; shift < 28; shift += 7)
        {
            var octet = Byte();
            value |= (uint)(octet & 0x7f) << shift;
            if (octet < 0x80)
            {
                return (int)value;
            }
        }

        IsDamaged = true;
        return 0;
    }

    /// <summary>How many items follow, each of which takes at least <paramref name="least"/> octets: more cannot be there.</summary>
    public int Count(int least)
    {
        var count = Short();
        if (count > _rest.Length / least)
        {
            IsDamaged = true;
        }

        return IsDamaged ? 0 : count;
    }

    public ReadOnlySpan<byte> Octets(int length)
    {
        if (IsDamaged || length > _rest.Length)
        {
            IsDamaged = true;
            return [];
        }

        var octets = _rest[..length];
        _rest = _rest[length..];
        return octets;
    }

    public ReadOnlySpan<byte> Sized() => Octets(Short());

    public string Text()
    {
        try
        {
            return Strict.GetString(Sized());
        }
        catch (DecoderFallbackException)
        {
            IsDamaged = true;
            return "";
        }
    }

    /// <summary>Text that many objects have, kept once.</summary>
    public string Pooled()
    {
        var octets = Sized();
        if (System.Text.Ascii.IsValid(octets))
        {
            return pool.Get(octets);
        }

        IsDamaged = true;
        return "";
    }

    public string? TextOrNull() => Byte() == 0 ? null : Text();
}
