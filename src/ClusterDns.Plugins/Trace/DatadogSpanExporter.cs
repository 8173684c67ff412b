using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Plugins.Trace;

/// <summary>Sends spans to Datadog's agent (its interface v0.3, in JSON).</summary>
/// <param name="analyticsRate">Share of the traces to analyse; null: not said.</param>
internal sealed class DatadogSpanExporter(Uri agent, string service, double? analyticsRate, ILogger logger)
    : SpanExporter(HttpMethod.Put, new Uri(agent, "/v0.3/traces"), logger)
{
    protected override void AddHeaders(HttpRequestMessage request, IReadOnlyList<Activity> spans)
    {
        var traces = spans.Select(static span => span.TraceId).Distinct().Count();
        request.Headers.TryAddWithoutValidation("X-Datadog-Trace-Count", traces.ToString(CultureInfo.InvariantCulture));
    }

    protected override void Write(Utf8JsonWriter writer, IReadOnlyList<Activity> spans)
    {
        writer.WriteStartArray();
        foreach (var trace in spans.GroupBy(static span => span.TraceId))
        {
            writer.WriteStartArray();
            foreach (var span in trace)
            {
                Write(writer, span);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    private void Write(Utf8JsonWriter writer, Activity span)
    {
        // Identities are numbers of 64 bits here, times nanoseconds.
        Span<byte> trace = stackalloc byte[16];
        span.TraceId.CopyTo(trace);
        writer.WriteStartObject();
        writer.WriteNumber("trace_id", BinaryPrimitives.ReadUInt64BigEndian(trace[8..]));
        writer.WriteNumber("span_id", ToNumber(span.SpanId));
        if (span.ParentSpanId != default)
        {
            writer.WriteNumber("parent_id", ToNumber(span.ParentSpanId));
        }

        writer.WriteString("name", span.OperationName);
        writer.WriteString("resource", span.OperationName);
        writer.WriteString("service", service);
        writer.WriteString("type", "dns");
        writer.WriteNumber("start", (span.StartTimeUtc - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick);
        writer.WriteNumber("duration", span.Duration.Ticks * TimeSpan.NanosecondsPerTick);
        writer.WriteNumber("error", span.Status is ActivityStatusCode.Error ? 1 : 0);
        WriteTags(writer, "meta", span);
        if (analyticsRate is { } rate && span.ParentSpanId == default)
        {
            writer.WriteStartObject("metrics");
            writer.WriteNumber("_dd1.sr.eausr", rate);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static ulong ToNumber(ActivitySpanId span)
    {
        Span<byte> id = stackalloc byte[8];
        span.CopyTo(id);
        return BinaryPrimitives.ReadUInt64BigEndian(id);
    }
}
