using System.Text;

namespace ClusterDns.Testing.Wire;

/// <summary>The words of one line of presentation format (RFC 1035 §5.1).</summary>
public static class TextTokens
{
    /// <summary>Splits at white space, leaves escapes as they are and stops at a comment. A token that began in quotes keeps
    /// its first quote and loses its last, so that <c>""</c> stays a token.</summary>
    public static List<string> Split(string line)
    {
        List<string> tokens = [];
        StringBuilder token = new();
        bool quoted = false;
        for (int i = 0; i <= line.Length; i++)
        {
            char c = i < line.Length ? line[i] : '\n';
            if (c == '\\' && i + 1 < line.Length)
            {
                token.Append(c).Append(line[++i]);
            }
            else if (c == '"')
            {
                quoted = !quoted;
                if (quoted)
                {
                    token.Append('"');
                }
            }
            else if (quoted && c != '\n')
            {
                token.Append(c);
            }
            else if (char.IsWhiteSpace(c) || c is ';' or '(' or ')')
            {
                if (token.Length > 0)
                {
                    tokens.Add(token.ToString());
                    token.Clear();
                }

                if (c is ';')
                {
                    break;
                }
            }
            else
            {
                token.Append(c);
            }
        }

        return tokens;
    }
}
