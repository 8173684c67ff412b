namespace ClusterDns.Server.Transports.Quic;

/// <summary>Error codes of DNS over QUIC (RFC 9250 §8.4).</summary>
internal static class DoqError
{
    /// <summary>DOQ_NO_ERROR</summary>
    public const long None = 0;

    /// <summary>DOQ_INTERNAL_ERROR: there is no answer to this query.</summary>
    public const long Internal = 1;

    /// <summary>DOQ_PROTOCOL_ERROR: the client broke a rule; ends the connection (§4.3.3).</summary>
    public const long Protocol = 2;

    /// <summary>DOQ_EXCESSIVE_LOAD: a ceiling is reached.</summary>
    public const long ExcessiveLoad = 4;
}
