using System.Globalization;
using System.Text;

namespace ClusterDns.Core.Patterns;

/// <summary>The members of one character class while it is read: ranges of UTF-16 units, and Unicode categories by name.</summary>
internal sealed class CharacterSet
{
    private readonly List<(int First, int Last)> _ranges = [];
    private readonly StringBuilder _categories = new();

    public bool IsNegated { get; set; }

    /// <summary>Both ends belong to it.</summary>
    public void Add(int first, int last) => _ranges.Add((Math.Min(first, char.MaxValue), Math.Min(last, char.MaxValue)));

    /// <summary>Adds what is in none of the ranges.</summary>
    public void AddAllBut(ReadOnlySpan<(int First, int Last)> ranges)
    {
        var next = 0;
        foreach (var (first, last) in ranges)
        {
            if (first > next)
            {
                Add(next, first - 1);
            }

            next = last + 1;
        }

        Add(next, char.MaxValue);
    }

    public void Add(ReadOnlySpan<(int First, int Last)> ranges, bool negated)
    {
        if (negated)
        {
            AddAllBut(ranges);
            return;
        }

        foreach (var (first, last) in ranges)
        {
            Add(first, last);
        }
    }

    /// <summary>Adds a category as .NET names it, <c>\p{Lu}</c>.</summary>
    public void AddCategory(string category, bool negated) =>
        _categories.Append(negated ? @"\P{" : @"\p{").Append(category).Append('}');

    /// <summary>Writes the class with every member escaped, so that no character in it can be read as syntax.</summary>
    public void AppendTo(StringBuilder pattern)
    {
        pattern.Append(IsNegated ? "[^" : "[");
        foreach (var (first, last) in _ranges)
        {
            AppendUnit(pattern, first);
            if (last > first)
            {
                pattern.Append('-');
                AppendUnit(pattern, last);
            }
        }

        pattern.Append(_categories).Append(']');
    }

    public static void AppendUnit(StringBuilder pattern, int unit) =>
        pattern.Append(CultureInfo.InvariantCulture, $@"\u{unit:X4}");
}
