using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Tls;

/// <summary>Gives the encrypted transports of a block their certificate.</summary>
internal static class TlsDirective
{
    public static string Name => "tls";

    public static PluginFactory? Configure(DirectiveGroup directives, BlockContext block)
    {
        var directive = directives.ExpectOnce();
        directive.ExpectArguments(2, 3);
        var clients = ClientCertificates.None;
        foreach (var property in directive.Properties)
        {
            clients = property.Name switch
            {
                "client_auth" => ParseClientAuth(property.ExpectArgument()),
                _ => throw property.UnknownProperty("client_auth"),
            };
        }

        var files = directive.Arguments.Select(word => block.ResolvePath(word.Text)).ToArray();
        var (certificate, chain) = LoadCertificate(directive, files[0], files[1]);
        var authorities = files.Length == 3 ? LoadAuthorities(directive, files[2]) : null;
        block.Export(new TlsOptions(certificate, chain, authorities, clients));
        return null;
    }

    private static ClientCertificates ParseClientAuth(Token word) => word.Text switch
    {
        "nocert" => ClientCertificates.None,
        "request" => ClientCertificates.Request,
        "require" => ClientCertificates.Require,
        "verify_if_given" => ClientCertificates.VerifyIfGiven,
        "require_and_verify" => ClientCertificates.RequireAndVerify,
        _ => throw word.Unexpected("one of nocert, request, require, verify_if_given, require_and_verify"),
    };

    private static (X509Certificate2 Certificate, X509Certificate2Collection Chain) LoadCertificate(
        Directive directive, string certificateFile, string keyFile)
    {
        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(certificateFile);
            var certificate = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
            chain.RemoveAt(0);
            return (certificate, chain);
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            throw directive.Error($"could not load TLS cert: {exception.Message}");
        }
    }

    private static X509Certificate2Collection LoadAuthorities(Directive directive, string file)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            throw directive.Error($"could not load TLS CA: {exception.Message}");
        }

        return authorities.Count > 0 ? authorities : throw directive.Error($"could not load TLS CA: no certificate in {file}");
    }

    private static bool IsUnreadable(Exception exception) =>
        exception is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException;
}
