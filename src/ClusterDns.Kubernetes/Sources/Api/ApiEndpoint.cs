using System.Security.Cryptography.X509Certificates;
using k8s.Authentication;

namespace ClusterDns.Kubernetes.Sources.Api;

/// <summary>Where an API server is, how to know that it is the right one, and what to show to it.</summary>
internal sealed record ApiEndpoint(Uri Server)
{
    /// <summary>Trust these alone; null to trust what the system trusts.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    public bool SkipTlsVerify { get; init; }

    /// <summary>Name that the server's certificate must be for, if not the URL's host.</summary>
    public string? TlsServerName { get; init; }

    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>Carries the requests in place of sockets; null: sockets do.</summary>
    public HttpMessageHandler? Handler { get; init; }

    /// <summary>Makes the Authorization header; null to send none.</summary>
    public ITokenProvider? Credentials { get; init; }
}
