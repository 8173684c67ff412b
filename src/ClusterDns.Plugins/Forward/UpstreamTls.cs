using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace ClusterDns.Plugins.Forward;

/// <summary>How a TLS or HTTPS upstream has to prove who it is (RFC 8310 §8.1), and how we do.</summary>
internal static class UpstreamTls
{
    /// <summary>The name the certificate must have: the one configured, else the upstream's address.</summary>
    public static string NameOf(UpstreamAddress address, ForwardOptions options) =>
        address.ServerName ?? options.TlsServerName ?? address.EndPoint.Address.ToString();

    public static SslClientAuthenticationOptions CreateOptions(UpstreamAddress address, ForwardOptions options)
    {
        var tls = new SslClientAuthenticationOptions
        {
            TargetHost = NameOf(address, options),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        if (options.TlsRoots is { } roots)
        {
            tls.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
            };
            tls.CertificateChainPolicy.CustomTrustStore.AddRange(roots);
        }

        if (options.TlsCertificate is { } certificate)
        {
            tls.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
        }

        return tls;
    }
}
