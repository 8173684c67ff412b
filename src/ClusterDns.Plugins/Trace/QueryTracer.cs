using System.Diagnostics;
using System.Globalization;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Presentation;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ClusterDns.Plugins.Trace;

/// <summary>Makes the spans of one <c>trace</c> directive and sends them to its collector.</summary>
internal sealed partial class QueryTracer : IDisposable
{
    private const string Root = "servedns";

    // What a collector that is away may cost at the end.
    private const int LastExportMilliseconds = 1000;

    private static readonly Uri DefaultZipkin = new("http://localhost:9411/api/v2/spans");
    private static readonly Uri DefaultDatadog = new("http://localhost:8126");

    private static int _count;

    private readonly TraceOptions _options;
    private readonly ILogger _logger;
    private readonly string _prefix;

    // A source of its own for each directive: spans of one block do not go to the collector of another.
    private readonly ActivitySource _source = new(
        "ClusterDns.Trace." + Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture));

    private TracerProvider? _provider;

    public QueryTracer(TraceOptions options, ServerServices services)
    {
        _options = options;
        _logger = services.LoggerFor(TracePlugin.Name);
        _prefix = options.Endpoint is TraceEndpoint.Datadog ? "coredns.io@" : "coredns.io/";
    }

    /// <summary>Where the process's environment says that a collector of OpenTelemetry's is.</summary>
    private static bool HasCollector => (Variable("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") ?? Variable("OTEL_EXPORTER_OTLP_ENDPOINT")) is not null;

    /// <summary>From here on spans are made.</summary>
    public void Start()
    {
        var builder = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddService(_options.Service))
            .SetSampler(new AlwaysOnSampler())
            .AddSource(_source.Name);
        if (_options.Endpoint is not TraceEndpoint.Otlp && (_options.Address is not null || !HasCollector))
        {
            builder.AddProcessor(CreateProcessor(CreateExporter()));
        }

        if (_options.Endpoint is TraceEndpoint.Otlp || HasCollector)
        {
            builder.AddOtlpExporter(exporter =>
            {
                if (_options is { Endpoint: TraceEndpoint.Otlp, Address: { } address })
                {
                    exporter.Endpoint = address;
                    exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
                }
            });
        }

        _provider = builder.Build();
        LogStarted(_options.Endpoint, _options.Address?.ToString() ?? "its default address");
    }

    /// <summary>The span of a query, inside its caller's where that is known; null where nothing is listening.</summary>
    public Activity? StartQuery(QueryContext query)
    {
        if (query.Caller is not { } caller)
        {
            return _source.StartActivity(Root, ActivityKind.Server);
        }

        var span = _source.StartActivity(Root, ActivityKind.Server, caller.Context);
        if (_options.SharesSpans)
        {
            span?.SetCustomProperty(ZipkinSpanExporter.SharedWith, caller);
        }

        return span;
    }

    /// <summary>The span of a step inside the query's; null outside of a query that is traced.</summary>
    public Activity? StartStep(string name) => _source.StartActivity(name);

    /// <summary>The query's span or one inside it; null outside of a query that is traced.</summary>
    public Activity? Current => Activity.Current is { } activity && ReferenceEquals(activity.Source, _source) ? activity : null;

    /// <summary>Says what was asked and answered.</summary>
    public void Describe(Activity activity, QueryContext query)
    {
        activity.SetTag(_prefix + "name", query.QuestionName.ToString());
        activity.SetTag(_prefix + "type", RecordTypeText.Format(query.QuestionType));
        activity.SetTag(_prefix + "proto", query.IsTcpLike ? "tcp" : "udp");
        activity.SetTag(_prefix + "remote", query.Client.Address.ToString());
        activity.SetTag(_prefix + "rcode", ResponseCodeText.Format(query.Response.Code));
        if (query.Response.Error is { } error)
        {
            activity.SetStatus(ActivityStatusCode.Error, error);
        }
    }

    public void Dispose()
    {
        _provider?.Shutdown(LastExportMilliseconds);
        _provider?.Dispose();
        _source.Dispose();
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private SpanExporter CreateExporter() => _options.Endpoint is TraceEndpoint.Zipkin
        ? new ZipkinSpanExporter(_options.Address ?? DefaultZipkin, _options.Service, _logger)
        : new DatadogSpanExporter(_options.Address ?? DefaultDatadog, _options.Service, _options.AnalyticsRate, _logger);

    private BatchActivityExportProcessor CreateProcessor(SpanExporter exporter) => new(
        exporter,
        maxQueueSize: Math.Max(_options.Backlog, _options.BatchSize),
        scheduledDelayMilliseconds: (int)_options.BatchInterval.TotalMilliseconds,
        maxExportBatchSize: _options.BatchSize);

    [LoggerMessage(2262, LogLevel.Debug, "spans go to {Endpoint} at {Address}")]
    private partial void LogStarted(TraceEndpoint endpoint, string address);
}
