using System.Buffers.Binary;
using ClusterDns.Protocol.Edns;

namespace ClusterDns.Plugins.Rewrite;

/// <summary>Changes EDNS options in wire form. What it is given stays as it is: every result is an array of its own.</summary>
internal static class EdnsOptionEditor
{
    private const int HeaderSize = 4;

    /// <summary>True and the value of the first option with this code.</summary>
    public static bool TryFind(ReadOnlySpan<byte> options, EdnsOptionCode code, out ReadOnlySpan<byte> value)
    {
        var reader = new EdnsOptionReader(options);
        while (reader.MoveNext())
        {
            if (reader.Code == code)
            {
                value = reader.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>One more option behind the others; null where all of them would be more than an OPT has room for.</summary>
    public static byte[]? Append(ReadOnlySpan<byte> options, EdnsOptionCode code, ReadOnlySpan<byte> value)
    {
        if (options.Length + HeaderSize + value.Length > ushort.MaxValue)
        {
            return null;
        }

        var edited = new byte[options.Length + HeaderSize + value.Length];
        options.CopyTo(edited);
        Write(edited.AsSpan(options.Length), code, value);
        return edited;
    }

    /// <summary>Another value for the first option with this code, in its place; null where there is none or no room.</summary>
    public static byte[]? Replace(ReadOnlySpan<byte> options, EdnsOptionCode code, ReadOnlySpan<byte> value)
    {
        if (!TryFind(options, code, out var old) || options.Length - old.Length + value.Length > ushort.MaxValue)
        {
            return null;
        }

        var edited = new byte[options.Length - old.Length + value.Length];
        var rest = edited.AsSpan();
        var isReplaced = false;
        var reader = new EdnsOptionReader(options);
        while (reader.MoveNext())
        {
            var replaces = !isReplaced && reader.Code == code;
            isReplaced |= replaces;
            rest = Write(rest, reader.Code, replaces ? value : reader.Value);
        }

        return edited;
    }

    /// <summary>The options without those of this code; null where there is none.</summary>
    public static byte[]? Remove(ReadOnlySpan<byte> options, EdnsOptionCode code)
    {
        var length = 0;
        var reader = new EdnsOptionReader(options);
        while (reader.MoveNext())
        {
            length += reader.Code == code ? 0 : HeaderSize + reader.Value.Length;
        }

        if (length == options.Length)
        {
            return null;
        }

        var edited = new byte[length];
        var rest = edited.AsSpan();
        reader = new EdnsOptionReader(options);
        while (reader.MoveNext())
        {
            if (reader.Code != code)
            {
                rest = Write(rest, reader.Code, reader.Value);
            }
        }

        return edited;
    }

    private static Span<byte> Write(Span<byte> destination, EdnsOptionCode code, ReadOnlySpan<byte> value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)code);
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)value.Length);
        value.CopyTo(destination[HeaderSize..]);
        return destination[(HeaderSize + value.Length)..];
    }
}
