using ClusterDns.Core.Telemetry;
using ClusterDns.Server.Cli;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace ClusterDns.Server.Admin;

/// <summary>
/// Sends all metrics to an OpenTelemetry collector from time to time. Where, how and how often is said by OpenTelemetry's
/// own environment variables; without an endpoint in them nothing of it runs.
/// </summary>
internal sealed partial class MetricPush : IDisposable
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string MetricsEndpoint = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";
    private const string ServiceName = "clusterdns";

    // The meter of .NET's runtime: processor, memory, garbage collections.
    private const string RuntimeMeter = "System.Runtime";

    // What a collector that is away may cost at the end of the process.
    private const int LastPushMilliseconds = 1000;

    private readonly RegistryMeter _meter;
    private readonly MeterProvider _provider;

    private MetricPush(MetricRegistry registry)
    {
        _meter = new RegistryMeter(registry);

        // What the environment says of the service comes last and counts.
        var resource = ResourceBuilder.CreateEmpty()
            .AddService(ServiceName, serviceVersion: ProductVersion.Version)
            .AddTelemetrySdk()
            .AddEnvironmentVariableDetector();
        _provider = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(RegistryMeter.Name, RuntimeMeter)
            .AddOtlpExporter()
            .Build();
    }

    /// <summary>Null where no collector is named, or one that cannot be (the log says so): DNS does not depend on it.</summary>
    public static MetricPush? TryStart(MetricRegistry registry, Func<string, string?> environment, ILogger logger)
    {
        foreach (var name in (string[])[MetricsEndpoint, Endpoint])
        {
            if (environment(name) is not { Length: > 0 } text)
            {
                continue;
            }

            if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
            {
                return new MetricPush(registry);
            }

            LogBadEndpoint(logger, name, text);
            return null;
        }

        return null;
    }

    /// <summary>Sends what was counted up to now.</summary>
    public void Dispose()
    {
        _provider.Shutdown(LastPushMilliseconds);
        _provider.Dispose();
        _meter.Dispose();
    }

    [LoggerMessage(1130, LogLevel.Warning, "{Variable}: found '{Value}', expected an http or https URL; metrics are not pushed")]
    private static partial void LogBadEndpoint(ILogger logger, string variable, string value);
}
