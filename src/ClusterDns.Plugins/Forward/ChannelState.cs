namespace ClusterDns.Plugins.Forward;

/// <summary>What a channel holds, and so how soon it has to be looked at again.</summary>
internal enum ChannelState : byte
{
    Empty,

    /// <summary>Open connections on which nothing is awaited.</summary>
    Idle,

    /// <summary>Exchanges that wait for a reply.</summary>
    Busy,
}
