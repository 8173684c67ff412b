using System.Buffers.Binary;
using System.Text;

namespace ClusterDns.Plugins.Geoip;

/// <summary>
/// A value in a MaxMind DB file, read where it lies; the default: none. A damaged file gives wrong or no values, never an
/// exception.
/// </summary>
internal readonly struct GeoValue
{
    // Values in values, and pointers to pointers: how far.
    private const int MaxDepth = 64;

    private readonly byte[]? _file;
    private readonly int _section;
    private readonly int _payload;

    private GeoValue(byte[] file, int section, int payload, GeoValueKind kind, int size)
    {
        _file = file;
        _section = section;
        _payload = payload;
        Kind = kind;
        Size = size;
    }

    public GeoValueKind Kind { get; }

    /// <summary>Octets of a text or a number; entries of a map or an array; of a boolean its value.</summary>
    public int Size { get; }

    /// <param name="section">Where pointers count from.</param>
    public static GeoValue Read(byte[] file, int section, long offset) => Read(file, section, offset, out _);

    /// <summary>A map's entry; none where there is none.</summary>
    public GeoValue this[ReadOnlySpan<byte> key]
    {
        get
        {
            long position = _payload;
            for (var entry = 0; Kind is GeoValueKind.Map && entry < Size && IsInside(position); entry++)
            {
                var name = Read(_file!, _section, position, out position); // Not null: there is a map.
                var value = Read(_file!, _section, position, out var next);
                if (name.Octets.SequenceEqual(key))
                {
                    return value;
                }

                position = Skip(value, next, 0);
            }

            return default;
        }
    }

    /// <summary>An array's element; none where there is none.</summary>
    public GeoValue this[int index]
    {
        get
        {
            long position = _payload;
            for (var element = 0; Kind is GeoValueKind.Array && element < Size && IsInside(position); element++)
            {
                var value = Read(_file!, _section, position, out var next); // Not null: there is an array.
                if (element == index)
                {
                    return value;
                }

                position = Skip(value, next, 0);
            }

            return default;
        }
    }

    /// <summary>"" where the value is no text.</summary>
    public string Text => Kind is GeoValueKind.Text ? Encoding.UTF8.GetString(Octets) : "";

    public bool IsTrue => Kind is GeoValueKind.Boolean && Size != 0;

    /// <summary>0 where the value is no number.</summary>
    public ulong Number
    {
        get
        {
            var number = 0ul;
            if (Kind is GeoValueKind.UInt16 or GeoValueKind.UInt32 or GeoValueKind.UInt64)
            {
                foreach (var octet in Octets)
                {
                    number = (number << 8) | octet;
                }
            }

            return number;
        }
    }

    /// <summary>0 where the value is no fraction.</summary>
    public double Fraction => (Kind, Octets.Length) switch
    {
        (GeoValueKind.Double, 8) => BinaryPrimitives.ReadDoubleBigEndian(Octets),
        (GeoValueKind.Float, 4) => BinaryPrimitives.ReadSingleBigEndian(Octets),
        _ => 0,
    };

    private ReadOnlySpan<byte> Octets => _file is not null && HasOctets(Kind) && _payload + (long)Size <= _file.Length
        ? _file.AsSpan(_payload, Size)
        : default;

    private static bool HasOctets(GeoValueKind kind) =>
        kind is not (GeoValueKind.None or GeoValueKind.Map or GeoValueKind.Array or GeoValueKind.Boolean);

    private bool IsInside(long position) => _file is not null && position >= 0 && position < _file.Length;

    // next is where the following value begins, if this one has nothing in it.
    private static GeoValue Read(byte[] file, int section, long offset, out long next)
    {
        var position = offset;
        long? behindPointer = null;
        for (var depth = 0; depth < MaxDepth; depth++)
        {
            var control = At(file, position++);
            var kind = (GeoValueKind)(control >> 5);
            if (kind is GeoValueKind.Pointer)
            {
                var target = section + ReadPointer(file, control, ref position);
                behindPointer ??= position;
                position = target;
                continue;
            }

            if (kind is GeoValueKind.None)
            {
                kind = (GeoValueKind)(At(file, position++) + 7);
            }

            var size = control & 31;
            var longer = Math.Max(0, size - 28);
            size = longer switch
            {
                0 => size,
                1 => 29 + ReadNumber(file, position, 1),
                2 => 285 + ReadNumber(file, position, 2),
                _ => 65_821 + ReadNumber(file, position, 3),
            };
            position += longer;
            next = behindPointer ?? position + (HasOctets(kind) ? size : 0);
            return position <= file.Length ? new GeoValue(file, section, (int)position, kind, size) : default;
        }

        next = behindPointer ?? position;
        return default;
    }

    // Where the value behind this one begins.
    private long Skip(GeoValue value, long next, int depth)
    {
        // What a pointer leads to lies elsewhere: behind a pointer comes the next value at once.
        if (value.Kind is not (GeoValueKind.Map or GeoValueKind.Array) || next != value._payload || depth == MaxDepth)
        {
            return next;
        }

        var count = value.Kind is GeoValueKind.Map ? value.Size * 2L : value.Size;
        for (var part = 0L; part < count && IsInside(next); part++)
        {
            var inner = Read(_file!, _section, next, out var behind); // Not null: the position is inside.
            next = Skip(inner, behind, depth + 1);
        }

        return next;
    }

    private static long ReadPointer(byte[] file, byte control, ref long position)
    {
        var length = ((control >> 3) & 3) + 1;
        var high = (long)(control & 7);
        var low = (long)(uint)ReadNumber(file, position, length);
        position += length;
        return length switch
        {
            1 => (high << 8) | low,
            2 => ((high << 16) | low) + 2048,
            3 => ((high << 24) | low) + 526_336,
            _ => low,
        };
    }

    private static int ReadNumber(byte[] file, long position, int length)
    {
        var number = 0;
        for (var index = 0; index < length; index++)
        {
            number = (number << 8) | At(file, position + index);
        }

        return number;
    }

    private static byte At(byte[] file, long position) => position >= 0 && position < file.Length ? file[position] : (byte)0;
}
