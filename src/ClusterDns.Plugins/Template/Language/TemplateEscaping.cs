using System.Globalization;
using System.Text;

namespace ClusterDns.Plugins.Template.Language;

/// <summary>Text made safe for HTML and JavaScript, with the escapes Go chose.</summary>
internal static class TemplateEscaping
{
    public static string Html(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            _ = character switch
            {
                '\0' => escaped.Append('\ufffd'),
                '"' => escaped.Append("&#34;"),
                '\'' => escaped.Append("&#39;"),
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                _ => escaped.Append(character),
            };
        }

        return escaped.ToString();
    }

    public static string JavaScript(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            _ = character switch
            {
                '\\' => escaped.Append(@"\\"),
                '\'' => escaped.Append(@"\'"),
                '"' => escaped.Append("\\\""),
                < ' ' or '<' or '>' or '&' or '=' => escaped.Append(CultureInfo.InvariantCulture, $@"\u{(int)character:X4}"),
                _ => escaped.Append(character),
            };
        }

        return escaped.ToString();
    }

    /// <summary>For the query of a URL: all but letters, digits and <c>-_.~</c> as <c>%XX</c>, a space as <c>+</c>.</summary>
    public static string Query(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            var character = (char)octet;
            _ = character == ' ' ? escaped.Append('+')
                : char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.' or '~' ? escaped.Append(character)
                : escaped.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
        }

        return escaped.ToString();
    }
}
