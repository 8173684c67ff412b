using System.Globalization;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Trace;

/// <summary>Reads a <c>trace</c> directive.</summary>
internal static class TraceDirective
{
    private const int DefaultBacklog = 1000;
    private const int DefaultBatch = 100;

    private static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(1);

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        // The last occurrence counts, as in CoreDNS.
        var options = directives.Select(Read).Last();
        var tracer = new QueryTracer(options, block.Services);
        block.OnStartup(_ =>
        {
            tracer.Start();
            return ValueTask.CompletedTask;
        });
        block.OnShutdown(() =>
        {
            tracer.Dispose();
            return ValueTask.CompletedTask;
        });
        block.Export(new TraceMetadata(tracer));
        block.Export(new StepSpans(tracer));
        return next => new TracePlugin(next, tracer, options.Every);
    }

    public static TraceOptions Read(Directive directive)
    {
        directive.ExpectArguments(0, 2);
        var (endpoint, address) = ReadEndpoint(directive);
        var options = new TraceOptions(endpoint, address, 1, "coredns", SharesSpans: false, null, DefaultBacklog, DefaultBatch, DefaultInterval);
        foreach (var property in directive.Properties)
        {
            options = property.Name switch
            {
                "every" => options with { Every = ReadCount(property.ExpectArgument()) },
                "service" => options with { Service = property.ExpectArgument().Text },
                "client_server" => ReadClientServer(property, options),
                "datadog_analytics_rate" => ReadRate(property, options),
                "zipkin_max_backlog_size" => options with { Backlog = ReadSize(property, DefaultBacklog) },
                "zipkin_max_batch_size" => options with { BatchSize = ReadSize(property, DefaultBatch) },
                "zipkin_max_batch_interval" => options with { BatchInterval = ReadInterval(property) },
                // CoreDNS accepts whatever else stands here.
                _ => options,
            };
        }

        return options;
    }

    private static (TraceEndpoint Endpoint, Uri? Address) ReadEndpoint(Directive directive) => directive.Arguments switch
    {
        [] => (TraceEndpoint.Zipkin, null),
        [var only] => FindKind(only.Text) is { } kind ? (kind, null) : (TraceEndpoint.Zipkin, ReadAddress(TraceEndpoint.Zipkin, only)),
        [var word, var address, ..] => FindKind(word.Text) is { } kind
            ? (kind, ReadAddress(kind, address))
            : throw directive.Error($"tracing endpoint type {CorefileException.Quote(word.Text)} is not supported"),
    };

    private static TraceEndpoint? FindKind(string word) => word.ToUpperInvariant() switch
    {
        "ZIPKIN" => TraceEndpoint.Zipkin,
        "DATADOG" => TraceEndpoint.Datadog,
        "OTLP" => TraceEndpoint.Otlp,
        _ => null,
    };

    private static Uri ReadAddress(TraceEndpoint kind, Token word)
    {
        var text = word.Text.Contains("http", StringComparison.Ordinal) ? word.Text : "http://" + word.Text;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw word.Unexpected("HOST:PORT or an http or https URL");
        }

        // A URL of Zipkin's is taken as it is; the other kinds have one place each.
        return kind switch
        {
            TraceEndpoint.Zipkin when text != word.Text => new Uri(address, "/api/v2/spans"),
            TraceEndpoint.Otlp when address.AbsolutePath == "/" => new Uri(address, "/v1/traces"),
            _ => address,
        };
    }

    private static ulong ReadCount(Token word) =>
        ulong.TryParse(word.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : throw word.Unexpected("a whole number of 0 or more");

    // Read as CoreDNS reads it.
    private static TraceOptions ReadClientServer(Directive property, TraceOptions options)
    {
        property.ExpectArguments(0, 1);
        return property.Arguments switch
        {
            [] or [{ Text: "1" or "t" or "T" or "true" or "TRUE" or "True" }] => options with { SharesSpans = true },
            [{ Text: "0" or "f" or "F" or "false" or "FALSE" or "False" }] => options with { SharesSpans = false },
            var arguments => throw arguments[0].Unexpected("true or false"),
        };
    }

    private static TraceOptions ReadRate(Directive property, TraceOptions options)
    {
        property.ExpectArguments(0, 1);
        return options with { AnalyticsRate = property.Arguments is [var word] ? word.ParseFloat(0, 1) : 0 };
    }

    private static int ReadSize(Directive property, int whenNone) => property.ExpectArgument().ParseInt() is > 0 and var size ? size : whenNone;

    private static TimeSpan ReadInterval(Directive property) =>
        property.ExpectArgument().ParseDuration(TimeSpan.Zero, GoDuration.LongestTimer) is { TotalMilliseconds: >= 1 } interval ? interval : DefaultInterval;
}
