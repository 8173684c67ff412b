using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClusterDns.Testing.Transports;

/// <summary>Certificates for 127.0.0.1 that nobody trusts.</summary>
internal static class TestCertificates
{
    public static X509Certificate2 Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
    }

    /// <summary>One as files of a Corefile name it.</summary>
    public static (string Certificate, string Key) CreatePem()
    {
        using var certificate = Create();
        using var key = certificate.GetECDsaPrivateKey()!; // it was made with one
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
