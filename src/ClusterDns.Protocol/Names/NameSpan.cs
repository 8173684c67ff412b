using System.Diagnostics.CodeAnalysis;

namespace ClusterDns.Protocol.Names;

/// <summary>
/// A borrowed absolute name in uncompressed wire form, its root octet included (RFC 1035 §3.1):
/// <c>03 'w' 'w' 'w' 07 'e' … 00</c>. Valid as long as the memory it looks at.
/// </summary>
/// <param name="wire">A well-formed name: whoever makes one from the network goes through <see cref="ClusterDns.Protocol.Messages.MessageReader"/>.</param>
public readonly ref struct NameSpan(ReadOnlySpan<byte> wire)
{
    /// <summary>Octets of the longest name (RFC 1035 §2.3.4).</summary>
    public const int MaxLength = 255;

    /// <summary>Octets of the longest label (RFC 1035 §2.3.4).</summary>
    public const int MaxLabelLength = 63;

    private static ReadOnlySpan<byte> RootWire => [0];

    public static NameSpan Root => new(RootWire);

    public ReadOnlySpan<byte> Wire { get; } = wire;

    /// <summary>Octets in wire form, 1 for the root.</summary>
    public int Length => Wire.Length;

    public bool IsRoot => Wire.Length <= 1;

    /// <summary>The leftmost label without its length octet; empty for the root.</summary>
    public ReadOnlySpan<byte> FirstLabel => IsRoot ? default : Wire.Slice(1, Wire[0]);

    /// <summary>The name without its leftmost label; the root's parent is the root.</summary>
    public NameSpan Parent => IsRoot ? this : new NameSpan(Wire[(Wire[0] + 1)..]);

    /// <summary>Labels, the root not counted.</summary>
    public int LabelCount
    {
        get
        {
            var count = 0;
            for (var offset = 0; offset < Wire.Length && Wire[offset] != 0; offset += Wire[offset] + 1)
            {
                count++;
            }

            return count;
        }
    }

    /// <summary>True for the ancestor itself and for every name below it, whatever their case.</summary>
    public bool IsSubdomainOf(NameSpan ancestor)
    {
        if (ancestor.IsRoot)
        {
            return true;
        }

        var prefix = Wire.Length - ancestor.Wire.Length;
        if (prefix < 0 || !OctetCase.Equals(Wire[prefix..], ancestor.Wire))
        {
            return false;
        }

        // The suffix must start where a label starts.
        var offset = 0;
        while (offset < prefix)
        {
            offset += Wire[offset] + 1;
        }

        return offset == prefix;
    }

    /// <summary>The rightmost <paramref name="labels"/> labels and the root.</summary>
    public NameSpan Suffix(int labels)
    {
        var skip = LabelCount - labels;
        ArgumentOutOfRangeException.ThrowIfNegative(skip, nameof(labels));
        var name = this;
        for (; skip > 0; skip--)
        {
            name = name.Parent;
        }

        return name;
    }

    /// <summary>Equal but for ASCII case (RFC 4343 §3).</summary>
    public bool Equals(NameSpan other) => OctetCase.Equals(Wire, other.Wire);

    /// <summary>Equal octet by octet.</summary>
    public bool SequenceEqual(NameSpan other) => Wire.SequenceEqual(other.Wire);

    /// <summary>Canonical order (RFC 4034 §6.1): label by label from the right, lower-cased.</summary>
    public int CompareTo(NameSpan other)
    {
        Span<byte> left = stackalloc byte[128];
        Span<byte> right = stackalloc byte[128];
        var leftCount = LabelOffsets(left);
        var rightCount = other.LabelOffsets(right);
        while (leftCount > 0 && rightCount > 0)
        {
            var order = CompareLabels(LabelAt(left[--leftCount]), other.LabelAt(right[--rightCount]));
            if (order != 0)
            {
                return order;
            }
        }

        return leftCount.CompareTo(rightCount);
    }

    /// <summary>Offsets of the labels' length octets, left to right; at most 127 (RFC 1035 §2.3.4).</summary>
    public int LabelOffsets(Span<byte> offsets)
    {
        var count = 0;
        for (var offset = 0; offset < Wire.Length && Wire[offset] != 0; offset += Wire[offset] + 1)
        {
            offsets[count++] = (byte)offset;
        }

        return count;
    }

    /// <summary>The label whose length octet stands at <paramref name="offset"/>.</summary>
    public ReadOnlySpan<byte> LabelAt(int offset) => Wire.Slice(offset + 1, Wire[offset]);

    /// <summary>An owned copy.</summary>
    public DnsName ToName() => DnsName.FromWire(Wire);

    /// <summary>Presentation form, absolute (RFC 1035 §5.1, RFC 4343 §2.1).</summary>
    public override string ToString() => NameText.Format(this);

    public override int GetHashCode()
    {
        Span<byte> lower = stackalloc byte[MaxLength];
        OctetCase.ToLower(Wire, lower);
        return NameHash.Compute(lower[..Wire.Length]);
    }

    [SuppressMessage("Design", "CA1065", Justification = "A ref struct cannot be boxed: this is never called.")]
    public override bool Equals(object? obj) => throw new NotSupportedException();

    private static int CompareLabels(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var common = Math.Min(left.Length, right.Length);
        for (var index = 0; index < common; index++)
        {
            var order = OctetCase.ToLower(left[index]) - OctetCase.ToLower(right[index]);
            if (order != 0)
            {
                return order;
            }
        }

        return left.Length - right.Length;
    }
}
