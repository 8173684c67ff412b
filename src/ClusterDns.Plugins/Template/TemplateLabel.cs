using System.Text;

namespace ClusterDns.Plugins.Template;

/// <summary>The text by which metrics name a template: Go prints its actions without the spaces at their ends, and one between words.</summary>
internal static class TemplateLabel
{
    private const string Begin = "{{";
    private const string End = "}}";

    public static string Of(string source)
    {
        var label = new StringBuilder(source.Length);
        var rest = source.AsSpan();
        while (rest.IndexOf(Begin, StringComparison.Ordinal) is >= 0 and var begin
            && rest[begin..].IndexOf(End, StringComparison.Ordinal) is > 0 and var length)
        {
            label.Append(rest[..begin]).Append(Begin);
            AppendWords(label, rest.Slice(begin + Begin.Length, length - Begin.Length));
            label.Append(End);
            rest = rest[(begin + length + End.Length)..];
        }

        return label.Append(rest).ToString();
    }

    private static void AppendWords(StringBuilder label, ReadOnlySpan<char> action)
    {
        var quote = '\0';
        var pending = false;
        var start = label.Length;
        foreach (var character in action.Trim())
        {
            if (quote == '\0' && char.IsWhiteSpace(character))
            {
                pending = true;
                continue;
            }

            if (pending && label.Length > start)
            {
                label.Append(' ');
            }

            pending = false;
            label.Append(character);
            if (character is '"' or '`')
            {
                quote = quote == '\0' ? character : quote == character ? '\0' : quote;
            }
        }
    }
}
