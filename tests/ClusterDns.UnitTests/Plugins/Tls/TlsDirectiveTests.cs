using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClusterDns.Core.Corefile;
using ClusterDns.Plugins.Tls;
using ClusterDns.Testing.Chains;
using ClusterDns.UnitTests.Corefile;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Tls;

public sealed class TlsDirectiveTests : IDisposable
{
    private readonly TemporaryFiles _files = new();
    private readonly string _subject = "CN=server";

    public TlsDirectiveTests()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Sign(_subject, key);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var authority = Sign("CN=authority", other);
        _files.Write("cert.pem", certificate.ExportCertificatePem());
        _files.Write("chain.pem", $"{certificate.ExportCertificatePem()}\n{authority.ExportCertificatePem()}\n");
        _files.Write("key.pem", key.ExportPkcs8PrivateKeyPem());
        _files.Write("other.pem", other.ExportPkcs8PrivateKeyPem());
        _files.Write("ca.pem", authority.ExportCertificatePem());
        _files.Write("empty.pem", "");
        _files.Write("noise.pem", "-----BEGIN CERTIFICATE-----\nbm9pc2U=\n-----END CERTIFICATE-----\n");
    }

    [Fact]
    public void Configure_loads_the_certificate_with_its_key()
    {
        var options = Configure("tls cert.pem key.pem");

        Assert.Equal(_subject, options.Certificate.Subject);
        Assert.True(options.Certificate.HasPrivateKey);
        Assert.Empty(options.Chain);
        Assert.Null(options.Authorities);
        Assert.Equal("None", options.ClientCertificates.ToString());
    }

    [Fact]
    public void Configure_keeps_the_intermediate_certificates_and_the_authorities()
    {
        var options = Configure("tls chain.pem key.pem ca.pem");

        Assert.Equal(_subject, options.Certificate.Subject);
        Assert.Equal("CN=authority", Assert.Single(options.Chain).Subject);
        Assert.NotNull(options.Authorities);
        Assert.Equal("CN=authority", Assert.Single(options.Authorities).Subject);
    }

    [Theory]
    [InlineData("nocert", "None")]
    [InlineData("request", "Request")]
    [InlineData("require", "Require")]
    [InlineData("verify_if_given", "VerifyIfGiven")]
    [InlineData("require_and_verify", "RequireAndVerify")]
    public void Configure_reads_what_is_asked_of_clients(string word, string expected)
    {
        var options = Configure($"tls cert.pem key.pem {{\nclient_auth {word}\n}}");

        Assert.Equal(expected, options.ClientCertificates.ToString());
    }

    [Theory]
    [InlineData("tls missing.pem key.pem", "plugin/tls: could not load TLS cert: ")]
    [InlineData("tls cert.pem missing.pem", "plugin/tls: could not load TLS cert: ")]
    [InlineData("tls cert.pem other.pem", "plugin/tls: could not load TLS cert: ")]
    [InlineData("tls cert.pem cert.pem", "plugin/tls: could not load TLS cert: ")]
    [InlineData("tls empty.pem key.pem", "plugin/tls: could not load TLS cert: ")]
    [InlineData("tls noise.pem key.pem", "plugin/tls: could not load TLS cert: ")]
    [InlineData("tls cert.pem key.pem missing.pem", "plugin/tls: could not load TLS CA: ")]
    [InlineData("tls cert.pem key.pem empty.pem", "plugin/tls: could not load TLS CA: no certificate in ")]
    [InlineData("tls cert.pem key.pem noise.pem", "plugin/tls: could not load TLS CA: ")]
    [InlineData("tls", "expected at least 2 arguments")]
    [InlineData("tls cert.pem", "expected at least 2 arguments")]
    [InlineData("tls cert.pem key.pem ca.pem more.pem", "found 'more.pem'")]
    [InlineData("tls cert.pem key.pem {\nclient_auth perhaps\n}", "found 'perhaps', expected one of nocert, ")]
    [InlineData("tls cert.pem key.pem {\nclient_auth\n}", "1 argument")]
    [InlineData("tls cert.pem key.pem {\nciphers all\n}", "expected client_auth")]
    public void Configure_refuses_what_it_cannot_use(string text, string error)
    {
        var refused = Assert.Throws<CorefileException>(() => Configure(text));

        Assert.Contains(error, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    public void Dispose() => _files.Dispose();

    private static X509Certificate2 Sign(string subject, ECDsa key) =>
        new CertificateRequest(subject, key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));

    private TlsOptions Configure(string text)
    {
        var options = new ChainHarness($"tls://.:853 {{\nroot {_files.Root}\n{text}\nwhoami\n}}\n").Block.Find<TlsOptions>();
        Assert.NotNull(options);
        return options;
    }
}
