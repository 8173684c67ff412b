namespace ClusterDns.Plugins.Tsig;

/// <summary>Reads BIND's form of keys: <c>key "name" { algorithm hmac-sha256; secret "…"; };</c>.</summary>
internal static class TsigKeyFile
{
    /// <summary>Names and secrets; null where something else stands in the text.</summary>
    public static IReadOnlyList<(string Name, string Secret)>? Read(string text)
    {
        var keys = new List<(string, string)>();
        using var words = Split(text).GetEnumerator();
        while (words.MoveNext())
        {
            if (words.Current is ";")
            {
                continue;
            }

            if (words.Current is not "key" || !words.MoveNext())
            {
                return null;
            }

            var name = words.Current;
            if (!words.MoveNext() || words.Current is not "{" || ReadSecret(words) is not { } secret)
            {
                return null;
            }

            keys.Add((name, secret));
        }

        return keys;
    }

    // Up to the closing brace; the algorithm is the client's choice.
    private static string? ReadSecret(IEnumerator<string> words)
    {
        string? secret = null;
        while (words.MoveNext())
        {
            switch (words.Current)
            {
                case "}":
                    return secret;
                case "secret" when words.MoveNext():
                    secret = words.Current;
                    break;
                case "algorithm" when words.MoveNext():
                case ";":
                    break;
                default:
                    return null;
            }
        }

        return null;
    }

    // Words, quoted or not, and the characters { } ; by themselves; comments are left out.
    private static IEnumerable<string> Split(string text)
    {
        var position = 0;
        while (position < text.Length)
        {
            var start = position;
            switch (text[position])
            {
                case '{' or '}' or ';':
                    yield return text[position++].ToString();
                    break;
                case '"':
                    var end = text.IndexOf('"', position + 1);
                    position = end < 0 ? text.Length : end + 1;
                    yield return text[(start + 1)..(end < 0 ? text.Length : end)];
                    break;
                case '#':
                case '/' when text.AsSpan(position).StartsWith("//"):
                    position = Behind(text, "\n", position);
                    break;
                case '/' when text.AsSpan(position).StartsWith("/*"):
                    position = Behind(text, "*/", position + 2);
                    break;
                case var c when char.IsWhiteSpace(c):
                    position++;
                    break;
                default:
                    while (position < text.Length && !char.IsWhiteSpace(text[position]) && text[position] is not ('{' or '}' or ';' or '"'))
                    {
                        position++;
                    }

                    yield return text[start..position];
                    break;
            }
        }
    }

    private static int Behind(string text, string mark, int from)
    {
        var found = text.IndexOf(mark, from, StringComparison.Ordinal);
        return found < 0 ? text.Length : found + mark.Length;
    }
}
