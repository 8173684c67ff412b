using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClusterDns.Plugins.Tls;

namespace ClusterDns.Server.Transports.Streams;

/// <summary>Turns the <c>tls</c> directive into what a handshake needs.</summary>
internal static class ServerTls
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>RFC 7858 clients may name no protocol; one that names some must name this (RFC 9103 §7.1).</summary>
    public static SslApplicationProtocol DnsOverTls { get; } = new("dot");

    /// <summary>
    /// The options when they are first asked for: to find out what is to be sent with a certificate, .NET reads every authority
    /// that the system trusts, and a start does not wait for that.
    /// </summary>
    public static Lazy<SslServerAuthenticationOptions> Create(TlsOptions tls, params SslApplicationProtocol[] protocols) =>
        new(() => Make(tls, protocols));

    /// <summary>Has the options made beside whatever else is done, so that the first client does not wait for them.</summary>
    public static void Warm(Lazy<SslServerAuthenticationOptions>? options)
    {
        if (options is not null)
        {
            _ = Task.Run(() => options.Value);
        }
    }

    /// <summary>Shakes hands as the server; the inner stream goes with the result.</summary>
    /// <exception cref="IOException">It failed, whatever the reason.</exception>
    public static async ValueTask<SslStream> AuthenticateAsync(Stream inner, SslServerAuthenticationOptions options)
    {
        var encrypted = new SslStream(inner, leaveInnerStreamOpen: false);
        try
        {
            await encrypted.AuthenticateAsServerAsync(options);
            return encrypted;
        }
        catch (Exception exception)
        {
            // Anything a client can send may end here: there is no telling by which type of exception.
            await encrypted.DisposeAsync();
            throw new IOException("the TLS handshake failed", exception);
        }
    }

    private static SslServerAuthenticationOptions Make(TlsOptions tls, SslApplicationProtocol[] protocols)
    {
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(tls.Certificate, tls.Chain, offline: true),
            ApplicationProtocols = [.. protocols],
            ClientCertificateRequired = tls.ClientCertificates is not ClientCertificates.None,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
#pragma warning disable CA5398 // Older versions must stay refused wherever the system would still allow them (RFC 8996).
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
#pragma warning restore CA5398
        };
        if (!options.ClientCertificateRequired)
        {
            return options;
        }

        options.RemoteCertificateValidationCallback = (_, certificate, _, errors) => Accepts(tls.ClientCertificates, certificate, errors);
        if (tls.Authorities is { } authorities)
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
            options.CertificateChainPolicy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        }

        return options;
    }

    private static bool Accepts(ClientCertificates asked, X509Certificate? certificate, SslPolicyErrors errors) => asked switch
    {
        ClientCertificates.Require => certificate is not null,
        ClientCertificates.VerifyIfGiven => certificate is null || errors is SslPolicyErrors.None,
        ClientCertificates.RequireAndVerify => certificate is not null && errors is SslPolicyErrors.None,
        _ => true,
    };
}
