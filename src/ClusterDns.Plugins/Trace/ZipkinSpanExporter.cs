using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Plugins.Trace;

/// <summary>Sends spans in Zipkin's form, version 2.</summary>
/// <remarks>OpenTelemetry has given up its own exporter for Zipkin.</remarks>
internal sealed class ZipkinSpanExporter(Uri address, string service, ILogger logger) : SpanExporter(HttpMethod.Post, address, logger)
{
    protected override void Write(Utf8JsonWriter writer, IReadOnlyList<Activity> spans)
    {
        writer.WriteStartArray();
        foreach (var span in spans)
        {
            writer.WriteStartObject();
            writer.WriteString("traceId", span.TraceId.ToHexString());
            writer.WriteString("id", span.SpanId.ToHexString());
            if (span.ParentSpanId != default)
            {
                writer.WriteString("parentId", span.ParentSpanId.ToHexString());
            }

            if (span.Kind is ActivityKind.Server)
            {
                writer.WriteString("kind", "SERVER");
            }

            // Microseconds; a duration of 0 would read as unknown.
            writer.WriteString("name", span.OperationName);
            writer.WriteNumber("timestamp", (span.StartTimeUtc - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
            writer.WriteNumber("duration", Math.Max(1, span.Duration.Ticks / TimeSpan.TicksPerMicrosecond));
            writer.WriteStartObject("localEndpoint");
            writer.WriteString("serviceName", service);
            writer.WriteEndObject();
            WriteTags(writer, "tags", span);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
