namespace ClusterDns.Plugins.Forward;

/// <summary>How one attempt with one upstream ended.</summary>
internal enum ExchangeStatus : byte
{
    /// <summary>A reply to the question; it stands in the query's response.</summary>
    Replied,

    /// <summary>A reply with the right id to another question.</summary>
    Mismatched,

    /// <summary>A datagram that answers the question without proof that the upstream sent it: TCP has to tell.</summary>
    Unproven,

    /// <summary>No usable reply: timed out, refused, cut off. <see cref="Exchange.Error"/> says what.</summary>
    Failed,

    /// <summary>Another query got the answer, and it is for the next forward to say more.</summary>
    PassedOn,

    /// <summary>A connection that had been used before was closed: another attempt is no retry.</summary>
    StaleConnection,
}
