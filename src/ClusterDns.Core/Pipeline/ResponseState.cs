namespace ClusterDns.Core.Pipeline;

/// <summary>What has become of a query so far.</summary>
public enum ResponseState : byte
{
    /// <summary>Nobody has answered.</summary>
    Unanswered,

    /// <summary>The response is filled in and will be sent.</summary>
    Answered,

    /// <summary>Nothing must be sent.</summary>
    Dropped,
}
