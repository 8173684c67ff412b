using System.Diagnostics;
using System.Text.Json;
using ClusterDns.Core.Pipeline;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Plugins.Trace;

/// <summary>Sends spans in Zipkin's form, version 2.</summary>
/// <remarks>OpenTelemetry has given up its own exporter for Zipkin.</remarks>
internal sealed class ZipkinSpanExporter(Uri address, string service, ILogger logger) : SpanExporter(HttpMethod.Post, address, logger)
{
    /// <summary>The property of a span that is one with its caller's (<see cref="CallerSpan"/>).</summary>
    public const string SharedWith = "caller";

    protected override void Write(Utf8JsonWriter writer, IReadOnlyList<Activity> spans)
    {
        writer.WriteStartArray();
        foreach (var span in spans)
        {
            writer.WriteStartObject();
            writer.WriteString("traceId", span.TraceId.ToHexString());
            writer.WriteString("id", IdOf(span).ToHexString());
            if (ParentOf(span) is var parent && parent != default)
            {
                writer.WriteString("parentId", parent.ToHexString());
            }

            if (Shared(span) is not null)
            {
                writer.WriteBoolean("shared", true);
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

    private static CallerSpan? Shared(Activity span) => span.GetCustomProperty(SharedWith) as CallerSpan;

    private static ActivitySpanId IdOf(Activity span) => Shared(span)?.Context.SpanId ?? span.SpanId;

    private static ActivitySpanId ParentOf(Activity span) =>
        Shared(span) is { } caller ? caller.Parent : span.Parent is { } parent ? IdOf(parent) : span.ParentSpanId;
}
