using System.Buffers;
using System.Diagnostics.Tracing;
using System.Globalization;
using System.Text.Json;

namespace ClusterDns.Plugins.Pprof;

/// <summary>The lines of one trace, each a JSON object with its time. Bounded: what does not fit is counted.</summary>
internal sealed class TraceOutput(TimeProvider time, int maxOctets = TraceOutput.DefaultMaxOctets)
{
    private const int DefaultMaxOctets = 4 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly ArrayBufferWriter<byte> _lines = new();
    private readonly long _start = time.GetTimestamp();
    private long _dropped;
    private bool _isFinished;

    public void AddCounters() => AddLine(json =>
    {
        json.WriteStartObject("counters"u8);
        foreach (var (name, value) in RuntimeCounters.Read())
        {
            json.WriteNumber(name, value);
        }

        json.WriteEndObject();
    });

    public void Add(EventWrittenEventArgs eventData) => AddLine(json =>
    {
        json.WriteString("source"u8, eventData.EventSource.Name);
        json.WriteString("event"u8, eventData.EventName);
        json.WriteNumber("thread"u8, eventData.OSThreadId);
        json.WriteStartObject("payload"u8);
        for (var index = 0; index < (eventData.Payload?.Count ?? 0); index++)
        {
            var name = index < eventData.PayloadNames?.Count ? eventData.PayloadNames[index] : index.ToString(CultureInfo.InvariantCulture);
            json.WriteString(name, Convert.ToString(eventData.Payload?[index], CultureInfo.InvariantCulture));
        }

        json.WriteEndObject();
    });

    /// <summary>All lines, and how many were left out. Nothing is added afterwards.</summary>
    public byte[] Finish()
    {
        AddLine(json => json.WriteNumber("dropped"u8, _dropped), isLast: true);
        lock (_gate)
        {
            return _lines.WrittenSpan.ToArray();
        }
    }

    private void AddLine(Action<Utf8JsonWriter> write, bool isLast = false)
    {
        lock (_gate)
        {
            if (_isFinished)
            {
                return;
            }

            if (!isLast && _lines.WrittenCount >= maxOctets)
            {
                _dropped++;
                return;
            }

            _isFinished = isLast;
            using (var json = new Utf8JsonWriter(_lines))
            {
                json.WriteStartObject();
                json.WriteNumber("milliseconds"u8, Math.Round(time.GetElapsedTime(_start).TotalMilliseconds, 3));
                write(json);
                json.WriteEndObject();
            }

            _lines.Write("\n"u8);
        }
    }
}
