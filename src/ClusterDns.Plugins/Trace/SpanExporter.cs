using System.Buffers;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using ClusterDns.Plugins.Backends;
using Microsoft.Extensions.Logging;
using OpenTelemetry;

namespace ClusterDns.Plugins.Trace;

/// <summary>Sends spans as JSON over HTTP. A collector that is away costs the spans, never a query.</summary>
internal abstract partial class SpanExporter(HttpMethod method, Uri address, ILogger logger) : BaseExporter<Activity>
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http = BackendHttp.Create(Timeout);
    private bool _isFailing;

    // Runs on the thread of the processor that collects spans, which waits.
    public override ExportResult Export(in Batch<Activity> batch)
    {
        var spans = new List<Activity>();
        foreach (var span in batch)
        {
            spans.Add(span);
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, spans);
        }

        try
        {
            using var request = new HttpRequestMessage(method, address) { Content = new ReadOnlyMemoryContent(buffer.WrittenMemory) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            AddHeaders(request, spans);
            using var response = _http.Send(request);
            return Note(response.IsSuccessStatusCode ? null : $"{address} answered {(int)response.StatusCode}");
        }
        catch (Exception exception) when (BackendHttp.IsFailure(exception))
        {
            return Note(BackendHttp.Excerpt(exception.Message));
        }
    }

    protected abstract void Write(Utf8JsonWriter writer, IReadOnlyList<Activity> spans);

    protected virtual void AddHeaders(HttpRequestMessage request, IReadOnlyList<Activity> spans)
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _http.Dispose();
        }

        base.Dispose(disposing);
    }

    protected static void WriteTags(Utf8JsonWriter writer, string name, Activity span)
    {
        writer.WriteStartObject(name);
        foreach (var (tag, value) in span.TagObjects)
        {
            writer.WriteString(tag, value?.ToString());
        }

        if (span.Status is ActivityStatusCode.Error)
        {
            writer.WriteString("error", span.StatusDescription ?? "true");
        }

        writer.WriteEndObject();
    }

    // Once, and again after it has worked.
    private ExportResult Note(string? failure)
    {
        if (failure is not null && !_isFailing)
        {
            LogFailed(failure);
        }

        _isFailing = failure is not null;
        return _isFailing ? ExportResult.Failure : ExportResult.Success;
    }

    [LoggerMessage(2263, LogLevel.Warning, "spans could not be sent: {Reason}")]
    private partial void LogFailed(string reason);
}
