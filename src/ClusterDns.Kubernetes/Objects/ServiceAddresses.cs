using System.Globalization;

namespace ClusterDns.Kubernetes.Objects;

/// <summary>
/// The addresses of a Service as written. One IPv4 address, which is what most have, and "None" cost no object of their own:
/// a cluster has a hundred thousand of them.
/// </summary>
internal readonly struct ServiceAddresses
{
    /// <summary>Characters that an address which is kept as a number has at most.</summary>
    public const int LongestNumber = 15;

    private const string None = "None";

    // A text, or an array of several; null where the number stands for the only one, or where there is none.
    private readonly object? _texts;
    private readonly uint _number;

    public ServiceAddresses(string[] texts)
    {
        if (texts.Length > 1)
        {
            _texts = texts;
        }
        else if (texts is [var one])
        {
            _texts = one == None ? None : TryParse(one, out _number) ? null : one;
        }
    }

    public int Count => _texts is string[] many ? many.Length : _texts is null && _number == 0 ? 0 : 1;

    public bool IsHeadless => ReferenceEquals(_texts, None) || _texts is string[] and [None, ..];

    /// <param name="room"><see cref="LongestNumber"/> characters, which the result may lie in.</param>
    public ReadOnlySpan<char> this[int index, Span<char> room] => _texts switch
    {
        string[] many => many[index],
        string one => one,
        _ => room[..Format(_number, room)],
    };

    public string[] ToArray()
    {
        if (_texts is string[] many)
        {
            return many;
        }

        return Count == 0 ? [] : [this[0, stackalloc char[LongestNumber]].ToString()];
    }

    public bool Contains(ReadOnlySpan<char> address)
    {
        Span<char> room = stackalloc char[LongestNumber];
        for (var index = 0; index < Count; index++)
        {
            if (address.SequenceEqual(this[index, room]))
            {
                return true;
            }
        }

        return false;
    }

    public bool Equals(in ServiceAddresses other) => _number == other._number && (_texts, other._texts) switch
    {
        (string[] left, string[] right) => left.AsSpan().SequenceEqual(right),
        (string left, string right) => left == right,
        var (left, right) => left is null && right is null,
    };

    // Only what is written just as Format writes it.
    private static bool TryParse(string text, out uint number)
    {
        number = 0;
        var parts = 0;
        var rest = text.AsSpan();
        while (parts < 4)
        {
            var end = parts < 3 ? rest.IndexOf('.') : rest.Length;
            if (end is < 1 or > 3
                || (rest[0] == '0' && end > 1)
                || !byte.TryParse(rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var part))
            {
                number = 0;
                return false;
            }

            number = (number << 8) | part;
            rest = rest[Math.Min(end + 1, rest.Length)..];
            parts++;
        }

        return number != 0;
    }

    private static int Format(uint number, Span<char> room)
    {
        var length = 0;
        for (var shift = 24; shift >= 0; shift -= 8)
        {
            ((byte)(number >> shift)).TryFormat(room[length..], out var written, default, CultureInfo.InvariantCulture);
            length += written;
            if (shift > 0)
            {
                room[length++] = '.';
            }
        }

        return length;
    }
}
