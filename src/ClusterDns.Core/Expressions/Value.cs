using System.Globalization;
using System.Text;

namespace ClusterDns.Core.Expressions;

/// <summary>What a part of an expression comes to. Text lies in the expression, or in the memory of its run.</summary>
internal readonly ref struct Value
{
    private readonly long _bits;
    private readonly StoredValue[]? _items;

    private Value(ValueKinds kind, long bits, ReadOnlySpan<char> text = default, StoredValue[]? items = null)
    {
        Kind = kind;
        _bits = bits;
        Text = text;
        _items = items;
    }

    public static Value Nil => new(ValueKinds.Nil, 0);

    /// <summary>One kind; none where the run has failed.</summary>
    public ValueKinds Kind { get; }

    public ReadOnlySpan<char> Text { get; }

    public StoredValue[] Items => _items ?? [];

    public bool IsTrue => Kind is ValueKinds.Bool && _bits != 0;

    public long Integer => Kind is ValueKinds.Float ? (long)Number : _bits;

    public double Number => Kind is ValueKinds.Float ? BitConverter.Int64BitsToDouble(_bits) : _bits;

    public static Value From(bool value) => new(ValueKinds.Bool, value ? 1 : 0);

    public static Value From(long value) => new(ValueKinds.Int, value);

    public static Value From(double value) => new(ValueKinds.Float, BitConverter.DoubleToInt64Bits(value));

    public static Value From(ReadOnlySpan<char> text) => new(ValueKinds.Text, 0, text);

    public static Value From(StoredValue[] items) => new(ValueKinds.Array, 0, items: items);

    /// <summary>Equal numbers are equal whether whole or not; values of different kinds are not.</summary>
    public static bool AreEqual(Value left, Value right)
    {
        if (((left.Kind | right.Kind) & ~ValueKinds.Number) == 0)
        {
            return left.Kind is ValueKinds.Int && right.Kind is ValueKinds.Int
                ? left._bits == right._bits
                : left.Number.Equals(right.Number);
        }

        if (left.Kind != right.Kind)
        {
            return false;
        }

        return left.Kind switch
        {
            ValueKinds.Text => left.Text.SequenceEqual(right.Text),
            ValueKinds.Array => AreEqual(left.Items, right.Items),
            _ => left._bits == right._bits,
        };
    }

    /// <summary>Keeps the value beyond its run.</summary>
    public StoredValue Store() => Kind switch
    {
        ValueKinds.Text => new StoredValue(Text.ToString()),
        ValueKinds.Array => new StoredValue(_items ?? []),
        _ => new StoredValue(Kind, _bits),
    };

    /// <summary>As the function <c>string</c> writes it.</summary>
    public override string ToString() => Kind switch
    {
        ValueKinds.Nil => "nil",
        ValueKinds.Bool => IsTrue ? "true" : "false",
        ValueKinds.Int => _bits.ToString(CultureInfo.InvariantCulture),
        ValueKinds.Float => Number.ToString("R", CultureInfo.InvariantCulture),
        ValueKinds.Array => Describe(Items),
        _ => Text.ToString(),
    };

    private static bool AreEqual(ReadOnlySpan<StoredValue> left, ReadOnlySpan<StoredValue> right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        for (var index = 0; index < left.Length; index++)
        {
            if (!AreEqual(left[index].Load(), right[index].Load()))
            {
                return false;
            }
        }

        return true;
    }

    private static string Describe(ReadOnlySpan<StoredValue> items)
    {
        var text = new StringBuilder("[");
        foreach (var item in items)
        {
            text.Append(text.Length > 1 ? " " : "").Append(item.Load().ToString());
        }

        return text.Append(']').ToString();
    }
}
