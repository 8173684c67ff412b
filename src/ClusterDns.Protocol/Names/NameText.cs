using System.Globalization;
using System.Text;

namespace ClusterDns.Protocol.Names;

/// <summary>Presentation form of names, both ways (RFC 1035 §5.1, RFC 4343 §2.1).</summary>
public static class NameText
{
    /// <summary>Characters of the longest name's text: every octet written as <c>\DDD</c>.</summary>
    public const int MaxLength = 4 * NameSpan.MaxLength;

    /// <summary>
    /// Reads a name into <paramref name="wire"/> (255 octets). A name without a final dot gets <paramref name="origin"/>
    /// appended; <c>@</c> is the origin.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, Span<byte> wire, NameSpan origin, out int length, out string error)
    {
        length = 0;
        error = "";
        if (text.IsEmpty)
        {
            error = "it is empty";
            return false;
        }

        if (text is ".")
        {
            wire[0] = 0;
            length = 1;
            return true;
        }

        if (text is "@")
        {
            origin.Wire.CopyTo(wire);
            length = origin.Length;
            return true;
        }

        var labelStart = 0;
        var position = 1;
        for (var index = 0; index < text.Length; index++)
        {
            var character = text[index];
            if (character == '.')
            {
                if (!EndLabel(wire, labelStart, position, out error))
                {
                    return false;
                }

                labelStart = position++;
                continue;
            }

            if (!TryReadOctet(text, ref index, out var octet, out error))
            {
                return false;
            }

            if (position >= NameSpan.MaxLength)
            {
                error = "it is longer than 255 octets";
                return false;
            }

            wire[position++] = octet;
        }

        if (labelStart == position - 1)
        {
            // A final dot: the last label is the root's.
            wire[labelStart] = 0;
            length = position;
            return true;
        }

        if (!EndLabel(wire, labelStart, position, out error))
        {
            return false;
        }

        if (position + origin.Length > NameSpan.MaxLength)
        {
            error = "it is longer than 255 octets";
            return false;
        }

        origin.Wire.CopyTo(wire[position..]);
        length = position + origin.Length;
        return true;
    }

    /// <summary>Absolute, with a final dot; what is not printable becomes <c>\DDD</c>.</summary>
    public static string Format(NameSpan name)
    {
        if (name.IsRoot)
        {
            return ".";
        }

        var text = new StringBuilder(name.Length + 8);
        Append(text, name);
        return text.ToString();
    }

    /// <summary>Writes what <see cref="Format(NameSpan)"/> returns where there is room for <see cref="MaxLength"/> characters; says how many.</summary>
    public static int Format(NameSpan name, Span<char> text)
    {
        var length = 0;
        if (name.IsRoot)
        {
            text[length++] = '.';
        }

        for (var rest = name; !rest.IsRoot; rest = rest.Parent)
        {
            foreach (var octet in rest.FirstLabel)
            {
                length += FormatOctet(octet, text[length..]);
            }

            text[length++] = '.';
        }

        return length;
    }

    /// <summary>Appends what <see cref="Format(NameSpan)"/> returns.</summary>
    public static void Append(StringBuilder text, NameSpan name)
    {
        if (name.IsRoot)
        {
            text.Append('.');
        }

        for (var rest = name; !rest.IsRoot; rest = rest.Parent)
        {
            AppendLabel(text, rest.FirstLabel);
            text.Append('.');
        }
    }

    /// <summary>Appends one label, escaped where presentation form needs it.</summary>
    public static void AppendLabel(StringBuilder text, ReadOnlySpan<byte> label)
    {
        Span<char> character = stackalloc char[4];
        foreach (var octet in label)
        {
            text.Append(character[..FormatOctet(octet, character)]);
        }
    }

    private static int FormatOctet(byte octet, Span<char> text)
    {
        if (octet is (byte)'.' or (byte)'\\' or (byte)'"' or (byte)';' or (byte)'(' or (byte)')' or (byte)'@' or (byte)'$')
        {
            text[0] = '\\';
            text[1] = (char)octet;
            return 2;
        }

        if (octet is > 0x20 and < 0x7f)
        {
            text[0] = (char)octet;
            return 1;
        }

        text[0] = '\\';
        _ = octet.TryFormat(text[1..], out _, "D3", CultureInfo.InvariantCulture);
        return 4;
    }

    private static bool EndLabel(Span<byte> wire, int labelStart, int position, out string error)
    {
        var size = position - labelStart - 1;
        if (size == 0)
        {
            error = "it has an empty label";
            return false;
        }

        if (size > NameSpan.MaxLabelLength)
        {
            error = "it has a label longer than 63 octets";
            return false;
        }

        if (position >= NameSpan.MaxLength)
        {
            error = "it is longer than 255 octets";
            return false;
        }

        wire[labelStart] = (byte)size;
        error = "";
        return true;
    }

    // One octet: a character, \C, or \DDD. A character past ASCII is not an octet: it must be written as \DDD.
    private static bool TryReadOctet(ReadOnlySpan<char> text, ref int index, out byte octet, out string error)
    {
        octet = 0;
        error = "";
        var character = text[index];
        if (character != '\\')
        {
            if (character > 0x7f)
            {
                error = $"'{character}' is not an ASCII character";
                return false;
            }

            octet = (byte)character;
            return true;
        }

        if (index + 1 >= text.Length)
        {
            error = "it ends in a backslash";
            return false;
        }

        if (!char.IsAsciiDigit(text[index + 1]))
        {
            if (text[index + 1] > 0x7f)
            {
                error = $"'{text[index + 1]}' is not an ASCII character";
                return false;
            }

            octet = (byte)text[++index];
            return true;
        }

        if (index + 3 >= text.Length || !byte.TryParse(text.Slice(index + 1, 3), NumberStyles.None, CultureInfo.InvariantCulture, out octet))
        {
            error = "a backslash and a digit start an escape of three digits up to 255";
            return false;
        }

        index += 3;
        return true;
    }
}
