using ClusterDns.Protocol.Names;

namespace ClusterDns.Core.Corefile;

/// <summary>A file in the form of resolv.conf(5), of which only the search list counts.</summary>
public static class SearchList
{
    /// <summary>The names in the file's order, in lower case; the last <c>search</c> or <c>domain</c> line counts.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyList<DnsName> Read(string path)
    {
        List<DnsName> names = [];
        foreach (var line in File.ReadLines(path))
        {
            var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words is ["search" or "domain", .. var listed])
            {
                names.Clear();
                foreach (var word in listed)
                {
                    if (DnsName.TryParse(word, out var name) && !name.IsRoot)
                    {
                        names.Add(name.ToLower());
                    }
                }
            }
        }

        return names;
    }
}
