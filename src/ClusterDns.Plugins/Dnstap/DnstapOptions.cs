using System.Security.Cryptography.X509Certificates;
using ClusterDns.Plugins.Log;

namespace ClusterDns.Plugins.Dnstap;

/// <summary>One <c>dnstap</c> line, parsed.</summary>
internal sealed record DnstapOptions
{
    public required DnstapEndpoint Endpoint { get; init; }

    /// <summary>We wait for those who want the messages instead of going to them.</summary>
    public bool Listens { get; init; }

    /// <summary>Messages carry the DNS messages they are about.</summary>
    public bool Full { get; init; }

    /// <summary>Octets of the socket's buffer for what is to be sent.</summary>
    public int SendBuffer { get; init; } = 1 << 20;

    /// <summary>Messages that may wait to be sent.</summary>
    public int Queue { get; init; } = 10_000;

    public byte[] Identity { get; init; } = [];

    public byte[] Version { get; init; } = [];

    /// <summary>What each message says in its field <c>extra</c>; null: nothing.</summary>
    public LogFormat? Extra { get; init; }

    /// <summary>The other side need not prove who it is.</summary>
    public bool SkipsVerification { get; init; }

    /// <summary>Of the listener, with its private key.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Who must have signed clients' certificates; null: clients need none.</summary>
    public X509Certificate2Collection? Authorities { get; init; }
}
