namespace ClusterDns.Core.Pipeline;

/// <summary>What to do with a message that came in.</summary>
public enum ReadOutcome : byte
{
    /// <summary>A query: route it.</summary>
    Query,

    /// <summary>Nothing is to be sent.</summary>
    Ignore,

    /// <summary>The response already says what is wrong: send it.</summary>
    Respond,
}
