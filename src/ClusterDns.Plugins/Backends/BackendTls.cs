using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Backends;

/// <summary>Reads <c>tls [CA]</c>, <c>tls CERT KEY [CA]</c>: how a backend has to prove who it is, and how we do.</summary>
internal static class BackendTls
{
    /// <exception cref="CorefileException">A file cannot be read or holds something else.</exception>
    public static SslClientAuthenticationOptions Read(Directive property, BlockContext block)
    {
        property.ExpectArguments(0, 3);
        var files = property.Arguments.Select(argument => block.ResolvePath(argument.Text)).ToArray();
        var tls = Create();
        try
        {
            if (files.Length >= 2)
            {
                var certificate = X509Certificate2.CreateFromPemFile(files[0], files[1]);
                tls.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
            }

            if (files.Length is 1 or 3)
            {
                tls.CertificateChainPolicy = Trust(files[^1]) ?? throw property.Error($"no certificate in {files[^1]}");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw property.Error(exception.Message);
        }

        return tls;
    }

    /// <summary>The system's roots, no certificate of our own.</summary>
    public static SslClientAuthenticationOptions Create() => new()
    {
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
    };

    /// <summary>Trusts the certificates in a PEM file and no others; null where there are none in it.</summary>
    public static X509ChainPolicy? Trust(string file)
    {
        var roots = new X509Certificate2Collection();
        roots.ImportFromPemFile(file);
        if (roots.Count == 0)
        {
            return null;
        }

        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(roots);
        return policy;
    }
}
