namespace ClusterDns.Testing.Dnssec;

/// <summary>A key of a test's own.</summary>
/// <param name="Zone">With a final dot.</param>
/// <param name="PublicText">What stands in the <c>.key</c> file.</param>
/// <param name="PrivateText">What stands in the <c>.private</c> file.</param>
internal sealed record MadeKey(string Zone, int Algorithm, int Flags, ushort Tag, string PublicText, string PrivateText)
{
    /// <summary>The DNSKEY record on one line.</summary>
    public string Record => PublicText.Split('\n').Single(static line => line.Contains(" DNSKEY ", StringComparison.Ordinal));

    /// <summary>The files' name without ending.</summary>
    public string Stem => $"K{Zone}+{Algorithm:D3}+{Tag:D5}";

    /// <summary>Writes both files; says their path without ending.</summary>
    public string WriteTo(string folder)
    {
        var stem = Path.Combine(folder, Stem);
        File.WriteAllText(stem + ".key", PublicText);
        File.WriteAllText(stem + ".private", PrivateText);
        return stem;
    }

    /// <summary>A trust anchors file for <c>delv -a</c>.</summary>
    public string TrustAnchor
    {
        get
        {
            var words = Record.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return $"trust-anchors {{\n  \"{Zone}\" static-key {words[3]} {words[4]} {words[5]} \"{words[6]}\";\n}};\n";
        }
    }
}
