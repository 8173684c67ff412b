using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Presentation;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Plugins.Forward;

/// <summary>Reads one <c>forward</c> line with its block.</summary>
internal static partial class ForwardDirective
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    /// <exception cref="CorefileException">The operator's mistake.</exception>
    public static ForwardOptions Read(Directive directive, BlockContext block)
    {
        directive.ExpectArguments(2);
        var zones = directive.Arguments[0].ParseZones();
        if (zones.Count > 1)
        {
            LogSeveralZones(block.Services.LoggerFor(ForwardPlugin.Name), directive.Arguments[0].Text, zones[0]);
        }

        var options = new ForwardOptions { From = zones[0], Upstreams = [] };
        var resolvers = new List<IPEndPoint>();
        foreach (var property in directive.Properties)
        {
            options = ReadProperty(property, options, block, resolvers);
        }

        if (options.MaxAge > TimeSpan.Zero && options.MaxAge < options.Expire)
        {
            throw directive.Error("max_age must not be less than expire");
        }

        var upstreams = new UpstreamAddressReader(block, resolvers).Read(directive, first: 1);
        if (options.TlsServerName is not null && upstreams.Any(static upstream => upstream.ServerName is not null))
        {
            throw directive.Error("a server name in an upstream (tls://ADDRESS%NAME) and tls_servername exclude each other");
        }

        return options with { Upstreams = upstreams };
    }

    /// <summary>Reads one line of the block; <c>grpc</c> has some of them as well.</summary>
    public static ForwardOptions ReadProperty(
        Directive property, ForwardOptions options, BlockContext block, List<IPEndPoint> resolvers)
    {
        switch (property.Name)
        {
            case "except":
                property.ExpectArguments(1);
                return options with { Except = new ZoneTable<DnsName>(property.ParseZones().Select(static zone => KeyValuePair.Create(zone, zone))) };
            case "force_tcp":
                return Flag(property, options with { ForceTcp = true });
            case "prefer_udp":
                return Flag(property, options with { PreferUdp = true });
            case "cookies":
                return Flag(property, options with { SendsCookies = true });
            case "randomize_case":
                return Flag(property, options with { RandomizesCase = true });
            case "expire":
                return options with { Expire = property.ExpectArgument().ParseDuration(TimeSpan.Zero, Longest) };
            case "max_age":
                return options with { MaxAge = property.ExpectArgument().ParseDuration(TimeSpan.Zero, Longest) };
            case "max_idle_conns":
                return options with { MaxIdleConnections = property.ExpectArgument().ParseInt(0) };
            case "read_timeout":
                return options with { ReadTimeout = property.ExpectArgument().ParseDuration(Shortest, Longest) };
            case "max_fails":
                return options with { MaxFails = property.ExpectArgument().ParseInt(0) };
            case "max_connect_attempts":
                return options with { MaxConnectAttempts = property.ExpectArgument().ParseInt(0) };
            case "max_concurrent":
                return options with { MaxConcurrent = property.ExpectArgument().ParseInt(0) };
            case "tls":
                return ReadTls(property, options, block);
            case "tls_servername":
                return options with { TlsServerName = property.ExpectArgument().Text };
            case "policy":
                return options with { Policy = ReadPolicy(property.ExpectArgument()) };
            case "health_check":
                return ReadHealthCheck(property, options);
            case "next":
                return options with { NextCodes = ReadCodes(property, options.NextCodes) };
            case "next_on_nodata":
                return Flag(property, options with { NextOnNoData = true });
            case "failfast_all_unhealthy_upstreams":
                return Flag(property, options with { FailFast = true });
            case "failover":
                options = options with { FailoverCodes = ReadCodes(property, options.FailoverCodes) };
                return options.FailoverCodes.Contains(ResponseCode.NoError)
                    ? throw property.Error("NOERROR cannot be used in failover")
                    : options;
            case "doh_method":
                return options with { HttpGet = ReadMethod(property.ExpectArgument()) };
            case "resolver":
                property.ExpectArguments(1);
                resolvers.AddRange(property.Arguments.Select(UpstreamAddressReader.ParseEndPoint));
                return options;
            case "source_address":
                return options with { SourceAddress = ReadAddress(property.ExpectArgument()) };
            default:
                throw property.UnknownProperty(
                    "except", "force_tcp", "prefer_udp", "expire", "max_age", "max_idle_conns", "read_timeout", "max_fails",
                    "max_connect_attempts", "max_concurrent", "tls", "tls_servername", "policy", "health_check", "next",
                    "next_on_nodata", "failfast_all_unhealthy_upstreams", "failover", "doh_method", "resolver", "source_address", "cookies",
                    "randomize_case");
        }
    }

    private static ForwardOptions Flag(Directive property, ForwardOptions options)
    {
        property.ExpectNoArguments();
        return options;
    }

    private static UpstreamPolicy ReadPolicy(Token name) => name.Text switch
    {
        "random" => UpstreamPolicy.Random,
        "round_robin" => UpstreamPolicy.RoundRobin,
        "sequential" => UpstreamPolicy.Sequential,
        "fastest" => UpstreamPolicy.Fastest,
        _ => throw name.Unexpected("one of random, round_robin, sequential, fastest"),
    };

    private static bool ReadMethod(Token name) => name.Text.ToUpperInvariant() switch
    {
        "GET" => true,
        "POST" => false,
        _ => throw name.Unexpected("POST or GET"),
    };

    private static IPAddress ReadAddress(Token text) =>
        IPAddress.TryParse(text.Text, out var address) ? address : throw text.Unexpected("an IP address");

    private static ResponseCodeSet ReadCodes(Directive property, ResponseCodeSet codes)
    {
        property.ExpectArguments(1);
        foreach (var argument in property.Arguments)
        {
            if (!ResponseCodeText.TryParse(argument.Text, out var code) || !codes.TryAdd(code, out codes))
            {
                throw argument.Unexpected("a response code such as NXDOMAIN");
            }
        }

        return codes;
    }

    private static ForwardOptions ReadHealthCheck(Directive property, ForwardOptions options)
    {
        property.ExpectArguments(1);
        options = options with { HealthInterval = property.Arguments[0].ParseDuration(Shortest, Longest) };
        for (var index = 1; index < property.Arguments.Count; index++)
        {
            var argument = property.Arguments[index];
            switch (argument.Text)
            {
                case "no_rec":
                    options = options with { HealthRecursion = false };
                    break;
                case "domain" when index + 1 < property.Arguments.Count:
                    var name = property.Arguments[++index];
                    options = options with
                    {
                        HealthName = DnsName.TryParse(name.Text, out var parsed) ? parsed : throw name.Unexpected("a name"),
                    };
                    break;
                default:
                    throw argument.Unexpected("no_rec or domain NAME");
            }
        }

        return options;
    }

    // Nothing: the system's roots. One file: roots. Two: certificate and key. Three: certificate, key and roots.
    private static ForwardOptions ReadTls(Directive property, ForwardOptions options, BlockContext block)
    {
        property.ExpectArguments(0, 3);
        var files = property.Arguments.Select(argument => block.ResolvePath(argument.Text)).ToArray();
        try
        {
            if (files.Length >= 2)
            {
                options = options with { TlsCertificate = X509Certificate2.CreateFromPemFile(files[0], files[1]) };
            }

            if (files.Length is 1 or 3)
            {
                var roots = new X509Certificate2Collection();
                roots.ImportFromPemFile(files[^1]);
                options = roots.Count > 0 ? options with { TlsRoots = roots } : throw property.Error($"no certificate in {files[^1]}");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw property.Error(exception.Message);
        }

        return options;
    }

    [LoggerMessage(1200, LogLevel.Warning, "Unsupported CIDR notation: '{Range}' expands to multiple zones. Using only '{Zone}'.")]
    private static partial void LogSeveralZones(ILogger logger, string range, DnsName zone);
}
