namespace ClusterDns.Plugins.ProxyProto;

/// <summary>What is done about the PROXY headers of one peer.</summary>
internal enum ProxyPolicy : byte
{
    /// <summary>A header names the client; without one the peer is the client.</summary>
    Use,

    /// <summary>A header is taken off, and the peer is the client.</summary>
    Ignore,

    /// <summary>With a header the connection is closed, the datagram dropped.</summary>
    Reject,

    /// <summary>Nobody looks for a header: what a client sends is DNS.</summary>
    Skip,
}
