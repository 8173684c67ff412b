using System.Text;

namespace ClusterDns.Testing.Wire;

/// <summary>A domain name as its labels: the judge's own, so that a fault of the product's names cannot hide itself.</summary>
public sealed class WireName : IEquatable<WireName>
{
    public static readonly WireName Root = new([]);

    private readonly byte[][] _labels;

    public WireName(IEnumerable<byte[]> labels) => _labels = [.. labels];

    public int LabelCount => _labels.Length;

    /// <summary>Leftmost first, the root's empty label left out.</summary>
    public IReadOnlyList<byte[]> Labels => _labels;

    public WireName Parent => new(_labels.Skip(1));

    /// <summary>Reads presentation format (RFC 1035 §5.1: <c>\.</c> and <c>\DDD</c>); a name without final dot is completed
    /// by the origin, by the root where none is given.</summary>
    public static WireName Parse(string text, WireName? origin = null)
    {
        if (text is ".")
        {
            return Root;
        }

        List<byte[]> labels = [];
        List<byte> label = [];
        byte[] octets = Encoding.Latin1.GetBytes(text);
        for (int i = 0; i < octets.Length; i++)
        {
            if (octets[i] == '\\' && i + 3 < octets.Length && char.IsAsciiDigit((char)octets[i + 1]))
            {
                label.Add(byte.Parse(text.AsSpan(i + 1, 3)));
                i += 3;
            }
            else if (octets[i] == '\\')
            {
                label.Add(octets[++i]);
            }
            else if (octets[i] == '.')
            {
                labels.Add([.. label]);
                label.Clear();
            }
            else
            {
                label.Add(octets[i]);
            }
        }

        if (label.Count == 0)
        {
            return new WireName(labels);
        }

        labels.Add([.. label]);
        return new WireName([.. labels, .. (origin ?? Root)._labels]);
    }

    public WireName ToLower() => new(_labels.Select(static l => Array.ConvertAll(l, Lower)));

    public WireName ToUpper() => new(_labels.Select(static l => Array.ConvertAll(l, Upper)));

    public WireName Child(string label) => new([Encoding.ASCII.GetBytes(label), .. _labels]);

    /// <summary>The labels from <paramref name="start"/> to the root.</summary>
    public WireName Suffix(int start) => new(_labels.Skip(start));

    public bool IsSubdomainOf(WireName other) =>
        LabelCount >= other.LabelCount && Suffix(LabelCount - other.LabelCount).Equals(other);

    public byte[] ToWire()
    {
        List<byte> wire = [];
        foreach (byte[] label in _labels)
        {
            wire.Add((byte)label.Length);
            wire.AddRange(label);
        }

        wire.Add(0);
        return [.. wire];
    }

    /// <summary>Presentation format with the final dot, escaped as the recordings have it.</summary>
    public override string ToString()
    {
        if (_labels.Length == 0)
        {
            return ".";
        }

        StringBuilder text = new();
        foreach (byte[] label in _labels)
        {
            foreach (byte octet in label)
            {
                if ("\"().;\\@$".Contains((char)octet, StringComparison.Ordinal))
                {
                    text.Append('\\').Append((char)octet);
                }
                else if (octet is > 0x20 and < 0x7f)
                {
                    text.Append((char)octet);
                }
                else
                {
                    text.Append('\\').Append(octet.ToString("D3"));
                }
            }

            text.Append('.');
        }

        return text.ToString();
    }

    public bool Equals(WireName? other)
    {
        if (other is null || other.LabelCount != LabelCount)
        {
            return false;
        }

        for (int i = 0; i < _labels.Length; i++)
        {
            if (!_labels[i].Select(Lower).SequenceEqual(other._labels[i].Select(Lower)))
            {
                return false;
            }
        }

        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as WireName);

    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (byte[] label in _labels)
        {
            foreach (byte octet in label)
            {
                hash.Add(Lower(octet));
            }
        }

        return hash.ToHashCode();
    }

    private static byte Lower(byte octet) => octet is >= (byte)'A' and <= (byte)'Z' ? (byte)(octet + 32) : octet;

    private static byte Upper(byte octet) => octet is >= (byte)'a' and <= (byte)'z' ? (byte)(octet - 32) : octet;
}
