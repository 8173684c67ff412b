using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClusterDns.Benchmarks.Comparison;

/// <summary>A certificate for one run.</summary>
internal static class TlsFiles
{
    public static void Write(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=bench.example", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        File.WriteAllText(Path.Combine(folder, "tls.crt"), certificate.ExportCertificatePem() + "\n");
        File.WriteAllText(Path.Combine(folder, "tls.key"), key.ExportPkcs8PrivateKeyPem() + "\n");
    }
}
