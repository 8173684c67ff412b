using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Plugins.Backends;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Plugins.Nomad;

/// <summary>Reads a <c>nomad</c> directive; what it leaves out comes from the variables that Nomad's own tools read.</summary>
internal static class NomadDirective
{
    private const uint DefaultTtl = 30;
    private const int MaxTtl = 3600;
    private const string DefaultZone = "service.nomad.";
    private const string DefaultAddress = "http://127.0.0.1:4646";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        var options = Read(directives.ExpectOnce());
        var client = new NomadClient(options, block.Services.Time);
        block.AddReadiness(NomadPlugin.Name, () => client.HasAnswered);
        block.OnServing(client.ProbeAsync);
        block.OnShutdown(() =>
        {
            client.Dispose();
            return ValueTask.CompletedTask;
        });
        return next => new NomadPlugin(next, options, client, block.Services);
    }

    private static NomadOptions Read(Directive directive)
    {
        directive.ExpectArguments(0);
        var zone = directive.Arguments.Count == 0 ? DnsName.Parse(DefaultZone)
            : DnsName.TryParse(directive.Arguments[0].Text, out var named) ? named.ToLower()
            : throw directive.Arguments[0].Unexpected("a zone");
        var addresses = new List<Uri>();
        var token = Variable("NOMAD_TOKEN");
        var ttl = DefaultTtl;
        string? filter = null;
        foreach (var property in directive.Properties)
        {
            switch (property.Name.ToLowerInvariant())
            {
                case "address":
                    property.ExpectArguments(1);
                    addresses.AddRange(property.Arguments.Select(static argument =>
                        ReadAddress(argument.Text) ?? throw argument.Unexpected("an URL like http://127.0.0.1:4646")));
                    break;
                case "token":
                    token = property.ExpectArgument().Text;
                    break;
                case "ttl":
                    ttl = (uint)property.ExpectArgument().ParseInt(0, MaxTtl);
                    break;
                case "filter":
                    filter = property.ExpectArgument().Text;
                    break;
                default:
                    throw property.UnknownProperty("address", "token", "ttl", "filter");
            }
        }

        if (addresses.Count == 0)
        {
            addresses.Add(ReadAddress(Variable("NOMAD_ADDR") ?? DefaultAddress) ?? throw directive.Error("NOMAD_ADDR is no http or https URL"));
        }

        return new NomadOptions(zone, addresses, token, ttl, filter, ReadTls(directive));
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static Uri? ReadAddress(string text) =>
        Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text, UriKind.Absolute, out var address)
        && address.Scheme is "http" or "https"
            ? address
            : null;

    private static SslClientAuthenticationOptions ReadTls(Directive directive)
    {
        var tls = BackendTls.Create();
        try
        {
            if (Variable("NOMAD_CACERT") is { } roots)
            {
                tls.CertificateChainPolicy = BackendTls.Trust(roots) ?? throw directive.Error($"no certificate in {roots}");
            }

            if (Variable("NOMAD_CLIENT_CERT") is { } certificate && Variable("NOMAD_CLIENT_KEY") is { } key)
            {
                tls.ClientCertificateContext = SslStreamCertificateContext.Create(
                    X509Certificate2.CreateFromPemFile(certificate, key), additionalCertificates: null, offline: true);
            }

            if (Variable("NOMAD_TLS_SERVER_NAME") is { } name)
            {
                tls.TargetHost = name;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw directive.Error(exception.Message);
        }

        return tls;
    }
}
