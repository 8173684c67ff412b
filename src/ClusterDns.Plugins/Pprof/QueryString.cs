namespace ClusterDns.Plugins.Pprof;

/// <summary>Reads <c>?name=value&amp;name=value</c>; nothing that is asked here needs escapes.</summary>
internal static class QueryString
{
    /// <summary>The first value of a name; null where it does not occur.</summary>
    public static string? Find(string queryString, string name)
    {
        foreach (var pair in queryString.TrimStart('?').Split('&'))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && pair.AsSpan(0, equals).SequenceEqual(name))
            {
                return pair[(equals + 1)..];
            }
        }

        return null;
    }
}
