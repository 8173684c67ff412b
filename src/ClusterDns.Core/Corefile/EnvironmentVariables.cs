using System.Text;

namespace ClusterDns.Core.Corefile;

/// <summary>Replaces <c>{$NAME}</c> and then <c>{%NAME%}</c> in a word; a variable that is not set is empty.</summary>
internal static class EnvironmentVariables
{
    /// <summary>The same object when nothing was to be replaced.</summary>
    public static string Substitute(string word, Func<string, string?> environment) =>
        Substitute(Substitute(word, "{$", "}", environment), "{%", "%}", environment);

    // Values are not searched again for the same form: one that names itself would never end.
    private static string Substitute(string word, string open, string close, Func<string, string?> environment)
    {
        int start = word.IndexOf(open, StringComparison.Ordinal);
        if (start < 0)
        {
            return word;
        }

        StringBuilder? result = null;
        int done = 0;
        while (start >= 0)
        {
            int nameStart = start + open.Length;
            int end = word.IndexOf(close, nameStart, StringComparison.Ordinal);
            if (end < 0)
            {
                break;
            }

            if (end > nameStart)
            {
                result ??= new StringBuilder();
                result.Append(word, done, start - done).Append(environment(word[nameStart..end]));
                done = end + close.Length;
            }

            start = word.IndexOf(open, end + close.Length, StringComparison.Ordinal);
        }

        return result is null ? word : result.Append(word, done, word.Length - done).ToString();
    }
}
