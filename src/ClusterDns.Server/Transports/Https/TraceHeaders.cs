using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using ClusterDns.Core.Pipeline;
using Microsoft.AspNetCore.Http;

namespace ClusterDns.Server.Transports.Https;

/// <summary>
/// Reads which span a request belongs to, in whichever of the forms in use: W3C's <c>traceparent</c>, Zipkin's <c>b3</c> and
/// <c>X-B3-*</c>, Datadog's <c>x-datadog-*</c>. What is malformed is as if it were not there.
/// </summary>
internal static class TraceHeaders
{
    private const int LongTrace = 32;
    private const int ShortTrace = 16;
    private const int SpanLength = 16;

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdef");

    public static CallerSpan? Read(IHeaderDictionary headers)
    {
        if (headers.TraceParent is [{ } parent])
        {
            return ActivityContext.TryParse(parent, headers.TraceState, isRemote: true, out var context)
                ? new CallerSpan(context, default, context.TraceFlags.HasFlag(ActivityTraceFlags.Recorded))
                : null;
        }

        if (headers.TryGetValue("b3", out var single))
        {
            return single is [{ } text] ? ReadB3(text) : null;
        }

        if (headers.TryGetValue("X-B3-TraceId", out var trace) || headers.ContainsKey("X-B3-Sampled"))
        {
            var sampled = headers["X-B3-Flags"] == "1" ? "d" : headers["X-B3-Sampled"].ToString();
            return Create(trace.ToString(), headers["X-B3-SpanId"].ToString(), sampled, headers["X-B3-ParentSpanId"].ToString());
        }

        return headers.TryGetValue("x-datadog-trace-id", out trace) ? ReadDatadog(headers, trace.ToString()) : null;
    }

    // TRACE-SPAN[-SAMPLED[-PARENT]], or SAMPLED alone.
    private static CallerSpan? ReadB3(string text)
    {
        var parts = text.Split('-', 5);
        return parts switch
        {
            [var sampled] => Create("", "", sampled, ""),
            [var trace, var span] => Create(trace, span, "", ""),
            [var trace, var span, var sampled] => Create(trace, span, sampled, ""),
            [var trace, var span, var sampled, var parent] => Create(trace, span, sampled, parent),
            _ => null,
        };
    }

    private static CallerSpan? ReadDatadog(IHeaderDictionary headers, string trace)
    {
        var priority = headers["x-datadog-sampling-priority"].ToString();
        return ulong.TryParse(trace, NumberStyles.None, CultureInfo.InvariantCulture, out var traceId)
            && ulong.TryParse(headers["x-datadog-parent-id"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var spanId)
            ? Create($"{traceId:x16}", $"{spanId:x16}", priority is "0" or "-1" ? "0" : "", "")
            : null;
    }

    // Where nothing is said about sampling it is ours to decide.
    private static CallerSpan? Create(string trace, string span, string sampled, string parent)
    {
        var isSampled = sampled is not ("0" or "false");
        var isTold = (IsIdentity(trace, LongTrace) || IsIdentity(trace, ShortTrace)) && IsIdentity(span, SpanLength);
        if (!isTold)
        {
            return isSampled ? null : new CallerSpan(default, default, IsSampled: false);
        }

        var context = new ActivityContext(
            ActivityTraceId.CreateFromString(trace.PadLeft(LongTrace, '0')),
            ActivitySpanId.CreateFromString(span),
            isSampled ? ActivityTraceFlags.Recorded : ActivityTraceFlags.None,
            isRemote: true);
        return new CallerSpan(context, IsIdentity(parent, SpanLength) ? ActivitySpanId.CreateFromString(parent) : default, isSampled);
    }

    private static bool IsIdentity(string text, int length) =>
        text.Length == length && !text.AsSpan().ContainsAnyExcept(Hexadecimal) && text.AsSpan().ContainsAnyExcept('0');
}
