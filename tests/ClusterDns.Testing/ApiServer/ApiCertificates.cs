using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClusterDns.Testing.ApiServer;

/// <summary>An authority, a server certificate and a client certificate of it, as PEM files in one folder.</summary>
public sealed class ApiCertificates : IDisposable
{
    private readonly X509Certificate2 _authority;

    /// <param name="folder">Receives ca.crt, client.crt and client.key.</param>
    /// <param name="serverName">Name in the server's certificate; null for 127.0.0.1 and localhost.</param>
    public ApiCertificates(string folder, string? serverName = null)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        Directory.CreateDirectory(folder);
        using ECDsa authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest authority = new("CN=test authority", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _authority = authority.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));

        SubjectAlternativeNameBuilder names = new();
        if (serverName is null)
        {
            names.AddIpAddress(IPAddress.Loopback);
            names.AddDnsName("localhost");
        }
        else
        {
            names.AddDnsName(serverName);
        }

        Server = Issue("CN=kube-apiserver", names.Build(), out _);
        AuthorityFile = Path.Combine(folder, "ca.crt");
        ClientCertificateFile = Path.Combine(folder, "client.crt");
        ClientKeyFile = Path.Combine(folder, "client.key");
        using X509Certificate2 client = Issue("CN=test client", null, out string key);
        File.WriteAllText(AuthorityFile, _authority.ExportCertificatePem());
        File.WriteAllText(ClientCertificateFile, client.ExportCertificatePem());
        File.WriteAllText(ClientKeyFile, key);
    }

    public string AuthorityFile { get; }

    public string ClientCertificateFile { get; }

    public string ClientKeyFile { get; }

    internal X509Certificate2 Server { get; }

    internal bool Issued(X509Certificate2 certificate) => certificate.Issuer == _authority.Subject;

    public void Dispose()
    {
        Server.Dispose();
        _authority.Dispose();
    }

    private X509Certificate2 Issue(string subject, X509Extension? names, out string keyPem)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(subject, key, HashAlgorithmName.SHA256);
        if (names is not null)
        {
            request.CertificateExtensions.Add(names);
        }

        byte[] serial = RandomNumberGenerator.GetBytes(8);
        using X509Certificate2 bare = request.Create(_authority, now.AddMinutes(-30), now.AddHours(12), serial);
        keyPem = key.ExportPkcs8PrivateKeyPem();
        return bare.CopyWithPrivateKey(key);
    }
}
