namespace ClusterDns.Plugins.Forward;

/// <summary>One way to reach one upstream: its sockets or connections, bounded, kept and given up.</summary>
internal interface IUpstreamChannel : IDisposable
{
    /// <summary>
    /// Sends the message of an exchange that has begun. It is completed by its deadline at the latest (see
    /// <see cref="Sweep"/>), on whatever thread that happens, perhaps before this returns.
    /// </summary>
    void Send(Exchange exchange);

    /// <summary>Fails what is overdue and closes what lay idle too long.</summary>
    ChannelState Sweep(long now);
}
