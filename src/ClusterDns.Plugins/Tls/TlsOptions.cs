using System.Security.Cryptography.X509Certificates;

namespace ClusterDns.Plugins.Tls;

/// <summary>What the server shows to clients over TLS, and what it asks of them.</summary>
/// <param name="Certificate">With its private key.</param>
/// <param name="Chain">The further certificates of its file, to be sent with it.</param>
/// <param name="Authorities">Who may have signed clients' certificates; null: whom the system trusts.</param>
internal sealed record TlsOptions(
    X509Certificate2 Certificate,
    X509Certificate2Collection Chain,
    X509Certificate2Collection? Authorities,
    ClientCertificates ClientCertificates);
