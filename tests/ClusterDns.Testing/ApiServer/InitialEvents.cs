namespace ClusterDns.Testing.ApiServer;

/// <summary>What the double makes of sendInitialEvents.</summary>
public enum InitialEvents
{
    /// <summary>As servers do where WatchList is on.</summary>
    Supported,

    /// <summary>422, as servers that know it but have it switched off.</summary>
    Refused,

    /// <summary>As servers older than the parameter: objects come as ADDED, and no bookmark closes them.</summary>
    Ignored,
}
