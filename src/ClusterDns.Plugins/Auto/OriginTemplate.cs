using System.Globalization;
using System.Text;
using ClusterDns.Core.Corefile;

namespace ClusterDns.Plugins.Auto;

/// <summary>Makes a zone's name of what a pattern found in a file's name: <c>{1}</c> is the first group.</summary>
internal sealed class OriginTemplate
{
    // Text and groups in turn; a group is a number, text is not.
    private readonly List<(string Text, int Group)> _parts = [];

    private OriginTemplate()
    {
    }

    public static OriginTemplate Default { get; } = Parse("{1}");

    /// <exception cref="CorefileException">It names a group that the pattern does not have.</exception>
    public static OriginTemplate Read(Token word, int groups)
    {
        var template = Parse(word.Text);
        return template._parts.TrueForAll(part => part.Group <= groups)
            ? template
            : throw word.Unexpected($"a template with groups up to {{{groups}}}");
    }

    public string Expand(string?[] groups)
    {
        var text = new StringBuilder();
        foreach (var (plain, group) in _parts)
        {
            text.Append(group < 0 ? plain : groups[group]);
        }

        return text.ToString();
    }

    private static OriginTemplate Parse(string text)
    {
        var template = new OriginTemplate();
        var start = 0;
        while (start < text.Length)
        {
            var end = text.IndexOf('}', start);
            if (text[start] == '{' && end > start
                && int.TryParse(text.AsSpan(start + 1, end - start - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var group))
            {
                template._parts.Add(("", group));
                start = end + 1;
                continue;
            }

            var next = text.IndexOf('{', start + 1);
            next = next < 0 ? text.Length : next;
            template._parts.Add((text[start..next], -1));
            start = next;
        }

        return template;
    }
}
