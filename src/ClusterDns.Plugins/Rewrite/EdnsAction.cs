namespace ClusterDns.Plugins.Rewrite;

/// <summary>What a rule does to an EDNS option of a query.</summary>
internal enum EdnsAction : byte
{
    /// <summary>Gives the option its value, adding it where it is missing.</summary>
    Set,

    /// <summary>Adds the option behind the others, whether there is one already or not.</summary>
    Append,

    /// <summary>Gives an option that is there another value.</summary>
    Replace,

    /// <summary>Takes every such option away.</summary>
    Unset,
}
