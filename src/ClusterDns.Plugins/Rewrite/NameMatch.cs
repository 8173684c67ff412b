namespace ClusterDns.Plugins.Rewrite;

/// <summary>How a rule's text is compared with a name.</summary>
internal enum NameMatch : byte
{
    Exact,
    Prefix,
    Suffix,
    Substring,
    Regex,
}
