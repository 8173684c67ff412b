namespace ClusterDns.Testing.ApiServer;

/// <summary>How a watch in progress comes to its end.</summary>
public enum WatchBreak
{
    /// <summary>A clean end, as after timeoutSeconds.</summary>
    EndOfStream,

    /// <summary>The connection is reset.</summary>
    Reset,

    /// <summary>Half a line, then a clean end.</summary>
    TornLine,

    /// <summary>An ERROR event with code 410, then the end.</summary>
    Gone,

    /// <summary>An ERROR event with code 500, then the end.</summary>
    InternalError,

    /// <summary>A whole line that is no JSON.</summary>
    Garbage,
}
