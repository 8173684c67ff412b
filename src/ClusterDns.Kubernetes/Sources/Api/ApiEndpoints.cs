using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using k8s;

namespace ClusterDns.Kubernetes.Sources.Api;

/// <summary>Finds the API server that the options name, or the one of the cluster this process runs in.</summary>
internal static class ApiEndpoints
{
    private const string ServiceAccountToken = "/var/run/secrets/kubernetes.io/serviceaccount/token";

    /// <exception cref="SourceConfigurationException">The options lead to no API server.</exception>
    public static ApiEndpoint Resolve(KubernetesSyncOptions options, TimeProvider time) =>
        options.KubeconfigFile is { } file ? KubeconfigFile.Read(file, options.KubeconfigContext, time)
        : options.Endpoint is { } url ? FromUrl(url, options)
        : InCluster(time);

    /// <summary>
    /// Null unless the text leads to a server; without a scheme it is http, or https with certificates.
    /// </summary>
    public static Uri? ParseUrl(string text, bool hasCertificates)
    {
        string full = text.Contains("://", StringComparison.Ordinal) ? text
            : (hasCertificates ? "https://" : "http://") + text;
        return Uri.TryCreate(full, UriKind.Absolute, out Uri? url)
            && url is { Scheme: "http" or "https", Host.Length: > 0 }
            ? url
            : null;
    }

    private static ApiEndpoint FromUrl(string url, KubernetesSyncOptions options)
    {
        Uri server = ParseUrl(url, options.AuthorityFile is not null)
            ?? throw new SourceConfigurationException($"endpoint: found '{url}', expected the URL of an API server");
        return new ApiEndpoint(server)
        {
            Authorities = options.AuthorityFile is { } file ? LoadAuthorities(file) : null,
            ClientCertificate = options is { CertificateFile: { } certificate, KeyFile: { } key }
                ? LoadCertificate(certificate, key)
                : null,
        };
    }

    private static ApiEndpoint InCluster(TimeProvider time)
    {
        KubernetesClientConfiguration found;
        try
        {
            found = KubernetesClientConfiguration.InClusterConfig();
        }
        catch (Exception e) when (e is k8s.Exceptions.KubeConfigException or IOException or UnauthorizedAccessException
            or CryptographicException or UriFormatException)
        {
            string detail = e.Message.ReplaceLineEndings(" ");
            throw new SourceConfigurationException("kubernetes: found no endpoint, no kubeconfig and no service "
                + $"account of a cluster, expected one of them ({detail})", e);
        }

        return new ApiEndpoint(new Uri(found.Host))
        {
            Authorities = found.SslCaCerts,
            Credentials = new TokenFile(ServiceAccountToken, time),
        };
    }

    private static X509Certificate2Collection LoadAuthorities(string file)
    {
        X509Certificate2Collection authorities = [];
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new SourceConfigurationException($"{file}: expected certificates in PEM: {e.Message}", e);
        }

        return authorities.Count > 0
            ? authorities
            : throw new SourceConfigurationException($"{file}: found no certificate, expected one in PEM");
    }

    private static X509Certificate2 LoadCertificate(string certificate, string key)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(certificate, key);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or IOException
            or UnauthorizedAccessException)
        {
            throw new SourceConfigurationException(
                $"{certificate}: expected a certificate in PEM whose key is in {key}: {e.Message}", e);
        }
    }
}
