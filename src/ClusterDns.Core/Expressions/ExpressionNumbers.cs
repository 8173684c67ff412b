using System.Globalization;

namespace ClusterDns.Core.Expressions;

/// <summary>Numbers as an expression writes them.</summary>
internal static class ExpressionNumbers
{
    public static long ParseInteger(ExpressionToken token)
    {
        if (token.Text is ['0', 'o' or 'O', ..])
        {
            return ParseOctal(token);
        }

        var style = token.Text switch
        {
            ['0', 'x' or 'X', ..] => NumberStyles.AllowHexSpecifier,
            ['0', 'b' or 'B', ..] => NumberStyles.AllowBinarySpecifier,
            _ => NumberStyles.None,
        };
        var digits = token.Text.AsSpan(style is NumberStyles.None ? 0 : 2);
        return long.TryParse(digits, style, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new ExpressionException($"bad number {token}", token.Position);
    }

    public static double ParseFloat(ExpressionToken token) =>
        double.TryParse(token.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw new ExpressionException($"bad number {token}", token.Position);

    private static long ParseOctal(ExpressionToken token)
    {
        var number = 0L;
        foreach (var digit in token.Text.AsSpan(2))
        {
            number = digit is >= '0' and <= '7' && number < long.MaxValue / 8
                ? (number * 8) + (digit - '0')
                : throw new ExpressionException($"bad number {token}", token.Position);
        }

        return number;
    }
}
