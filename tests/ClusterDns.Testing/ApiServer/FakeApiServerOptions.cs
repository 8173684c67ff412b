namespace ClusterDns.Testing.ApiServer;

/// <summary>How the double is set up before it listens.</summary>
public sealed record FakeApiServerOptions
{
    /// <summary>A stream of objects to begin with.</summary>
    public string? YamlFile { get; init; }

    public InitialEvents InitialEvents { get; init; } = InitialEvents.Supported;

    /// <summary>Serve https with this; clients may present a certificate of the same authority.</summary>
    public ApiCertificates? Certificates { get; init; }

    /// <summary>Port to listen on; 0 for any that is free.</summary>
    public int Port { get; init; }
}
