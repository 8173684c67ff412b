namespace ClusterDns.Plugins.Acl;

/// <summary>What a policy does with a query.</summary>
internal enum AclAction : byte
{
    /// <summary>No policy fits.</summary>
    None,

    /// <summary>Hands the query on, and no later rule is asked.</summary>
    Allow,

    /// <summary>Answers REFUSED.</summary>
    Block,

    /// <summary>Answers as if the name had no records.</summary>
    Filter,

    /// <summary>Answers nothing.</summary>
    Drop,
}
