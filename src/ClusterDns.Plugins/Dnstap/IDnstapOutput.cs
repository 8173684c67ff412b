namespace ClusterDns.Plugins.Dnstap;

/// <summary>Where the frames of one <c>dnstap</c> line go.</summary>
internal interface IDnstapOutput
{
    /// <summary>False: nobody would get a frame, so none need be made.</summary>
    bool IsWanted { get; }

    /// <summary>Takes a copy of a frame to be sent, or drops and counts it.</summary>
    void Send(ReadOnlySpan<byte> frame);

    /// <exception cref="IOException">The address cannot be listened on.</exception>
    void Start();

    /// <summary>Sends what waits, for a moment, and lets go of everything.</summary>
    ValueTask StopAsync();
}
