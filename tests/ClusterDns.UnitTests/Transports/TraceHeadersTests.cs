using ClusterDns.Server.Transports.Https;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace ClusterDns.UnitTests.Transports;

public sealed class TraceHeadersTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Span = "00f067aa0ba902b7";
    private const string Parent = "05e3ac9a4f6e3b90";

    [Theory]
    [InlineData($"traceparent: 00-{Trace}-{Span}-01", Trace, Span, "", true)]
    [InlineData($"traceparent: 00-{Trace}-{Span}-00", Trace, Span, "", false)]
    [InlineData($"b3: {Trace}-{Span}", Trace, Span, "", true)]
    [InlineData($"b3: {Trace}-{Span}-1-{Parent}", Trace, Span, Parent, true)]
    [InlineData($"b3: {Trace}-{Span}-d", Trace, Span, "", true)]
    [InlineData($"b3: {Trace}-{Span}-0", Trace, Span, "", false)]
    [InlineData($"X-B3-TraceId: {Trace}\nX-B3-SpanId: {Span}\nX-B3-ParentSpanId: {Parent}\nX-B3-Sampled: 1", Trace, Span, Parent, true)]
    [InlineData($"X-B3-TraceId: a3ce929d0e0e4736\nX-B3-SpanId: {Span}", "0000000000000000a3ce929d0e0e4736", Span, "", true)]
    [InlineData($"X-B3-TraceId: {Trace}\nX-B3-SpanId: {Span}\nX-B3-Sampled: 0\nX-B3-Flags: 1", Trace, Span, "", true)]
    [InlineData("x-datadog-trace-id: 255\nx-datadog-parent-id: 16", "000000000000000000000000000000ff", "0000000000000010", "", true)]
    [InlineData(
        "x-datadog-trace-id: 255\nx-datadog-parent-id: 16\nx-datadog-sampling-priority: 0",
        "000000000000000000000000000000ff", "0000000000000010", "", false)]
    public void Read_knows_every_form(string headers, string trace, string span, string parent, bool isSampled)
    {
        var caller = TraceHeaders.Read(Headers(headers));

        Assert.NotNull(caller);
        Assert.Equal((trace, span, isSampled), (caller.Context.TraceId.ToHexString(), caller.Context.SpanId.ToHexString(), caller.IsSampled));
        Assert.Equal(parent, caller.Parent == default ? "" : caller.Parent.ToHexString());
        Assert.True(caller.Context.IsRemote);
    }

    [Theory]
    [InlineData("b3: 0")]
    [InlineData("X-B3-Sampled: 0")]
    public void Read_takes_a_refusal_alone(string headers) => Assert.False(TraceHeaders.Read(Headers(headers))!.IsSampled);

    [Theory]
    [InlineData("Accept: */*")]
    [InlineData("traceparent: 00")]
    [InlineData("traceparent: 00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    [InlineData("b3: 1")]
    [InlineData("b3: ")]
    [InlineData($"b3: {Trace}-{Span}-1-{Parent}-1")]
    [InlineData($"b3: x{Trace}-{Span}")]
    [InlineData($"b3: 0000000000000000-{Span}")]
    [InlineData($"X-B3-TraceId: {Trace}")]
    [InlineData($"X-B3-TraceId: 4BF92F3577B34DA6A3CE929D0E0E473Z\nX-B3-SpanId: {Span}")]
    [InlineData("x-datadog-trace-id: 255")]
    [InlineData("x-datadog-trace-id: -1\nx-datadog-parent-id: 16")]
    [InlineData("x-datadog-trace-id: 0\nx-datadog-parent-id: 16")]
    public void Read_passes_over_what_is_malformed(string headers) => Assert.Null(TraceHeaders.Read(Headers(headers)));

    private static HeaderDictionary Headers(string lines)
    {
        var headers = new HeaderDictionary();
        foreach (var line in lines.Split('\n'))
        {
            var colon = line.IndexOf(": ", StringComparison.Ordinal);
            headers[line[..colon]] = line[(colon + 2)..];
        }

        return headers;
    }
}
