using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Plugins.Log;

namespace ClusterDns.Plugins.Dnstap;

/// <summary>Reads one <c>dnstap</c> line with its block.</summary>
internal static class DnstapDirective
{
    private const int MaxBufferMegabytes = 1024;
    private const int MaxQueues = 4096;
    private const int QueueUnit = 10_000;

    /// <exception cref="CorefileException">The operator's mistake.</exception>
    public static DnstapOptions Read(Directive directive, BlockContext block)
    {
        directive.ExpectArguments(1);
        var words = directive.Arguments.ToList();
        var listens = words[0].Text == "listen" && words.Count > 1;
        var options = new DnstapOptions
        {
            Listens = listens,
            Endpoint = DnstapEndpoint.Parse(words[listens ? 1 : 0], block.ResolvePath),
            Identity = Encoding.UTF8.GetBytes(Environment.MachineName),
            Version = Encoding.UTF8.GetBytes($"ClusterDns-{block.Services.Version}"),
        };
        words.RemoveRange(0, listens ? 2 : 1);
        if (words.Count > 0 && words[0].Text == "full")
        {
            options = options with { Full = true };
            words.RemoveAt(0);
        }

        options = ReadSizes(words, options);
        foreach (var property in directive.Properties)
        {
            options = Read(property, options, block);
        }

        return !listens || !options.Endpoint.UsesTls || options.Certificate is not null
            ? options
            : throw directive.Error("a tls:// listener of dnstap needs 'tls CERT KEY' in its block");
    }

    private static DnstapOptions ReadSizes(List<Token> words, DnstapOptions options)
    {
        if (words.Count > (options.Listens ? 0 : 2))
        {
            throw words[^1].Unexpected("the end of the line");
        }

        if (words.Count > 0)
        {
            options = options with { SendBuffer = (int)Math.Min((long)words[0].ParseInt(1, MaxBufferMegabytes) << 20, int.MaxValue) };
        }

        return words.Count > 1 ? options with { Queue = words[1].ParseInt(1, MaxQueues) * QueueUnit } : options;
    }

    private static DnstapOptions Read(Directive property, DnstapOptions options, BlockContext block)
    {
        switch (property.Name)
        {
            case "identity":
                return options with { Identity = Encoding.UTF8.GetBytes(property.ExpectArgument().Text) };
            case "version":
                return options with { Version = Encoding.UTF8.GetBytes(property.ExpectArgument().Text) };
            case "extra":
                return options with { Extra = LogFormat.Parse(property.ExpectArgument().Text) };
            case "skipverify":
                property.ExpectNoArguments();
                return options with { SkipsVerification = true };
            case "tls" when options.Listens:
                return ReadTls(property, options, block);
            default:
                throw property.UnknownProperty("identity", "version", "extra", "skipverify", "tls (of a listener)");
        }
    }

    private static DnstapOptions ReadTls(Directive property, DnstapOptions options, BlockContext block)
    {
        property.ExpectArguments(2, 3);
        var files = property.Arguments.Select(word => block.ResolvePath(word.Text)).ToArray();
        try
        {
            options = options with { Certificate = X509Certificate2.CreateFromPemFile(files[0], files[1]) };
            if (files.Length == 3)
            {
                var authorities = new X509Certificate2Collection();
                authorities.ImportFromPemFile(files[2]);
                options = authorities.Count > 0
                    ? options with { Authorities = authorities }
                    : throw property.Error($"no certificate in {files[2]}");
            }

            return options;
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw property.Error($"could not load TLS files: {exception.Message}");
        }
    }
}
