namespace ClusterDns.Server.Cli;

/// <summary>What a signal asks for.</summary>
internal enum ProcessSignal
{
    /// <summary>SIGTERM: end, letting queries in flight finish.</summary>
    Terminate,

    /// <summary>SIGINT: end soon; a second one ends at once.</summary>
    Interrupt,

    /// <summary>SIGQUIT: end at once.</summary>
    Quit,

    /// <summary>SIGUSR1: read the Corefile anew.</summary>
    Reload,

    /// <summary>SIGUSR2: start a new binary in place, which a container's runtime does instead; only logged.</summary>
    Upgrade,
}
