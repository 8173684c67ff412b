using System.Runtime.CompilerServices;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Presentation;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Prometheus;

/// <summary>The series of one zone on one listening address, each resolved when first counted in and then found by index.</summary>
internal sealed class ZoneSeries(QueryMetrics metrics, string server, string zone, string view, string plugin)
{
    private const int Codes = (int)ResponseCode.BadCookie + 1;

    private static readonly string[] Protocols = ["udp", "tcp"];
    private static readonly string[] Families = ["1", "2"];

    private readonly Counter?[] _requests = new Counter?[Protocols.Length * Families.Length * TypeLabels.Count];
    private readonly Counter?[] _responses = new Counter?[2 * Codes];
    private readonly Sizes?[] _sizes = new Sizes?[Protocols.Length];
    private Histogram? _duration;
    private Counter? _dnssec;

    /// <summary>Counts a query that was answered, dropped or failed.</summary>
    /// <param name="query">With its response.</param>
    /// <param name="dnssecOk">DO as the client set it; plugins may have changed the query's.</param>
    /// <param name="nanoseconds">Since the query was read.</param>
    public void Count(QueryContext query, bool dnssecOk, long nanoseconds)
    {
        var worker = query.Worker;
        var protocol = IsDatagram(query.Transport) ? 0 : 1;
        var family = query.Client.Address.IsIPv4 ? 0 : 1;
        Requests(protocol, family, query.QuestionType).Increment(worker);
        var sizes = _sizes[protocol] ?? ResolveSizes(protocol);
        sizes.OfRequests.Record(RequestSize(query), worker);
        if (dnssecOk)
        {
            (_dnssec ?? ResolveDnssec()).Increment(worker);
        }

        // A bare code is the server's own answer, and what was dropped counts as CoreDNS counts it: NOERROR, no octets.
        var response = query.Response;
        var isWritten = response.State is ResponseState.Answered && !response.IsBare;
        var code = response.State is ResponseState.Answered ? response.Code : ResponseCode.NoError;
        var size = isWritten ? ResponseWriter.MeasureUncompressed(query) : 0;
        (_duration ?? ResolveDuration()).Record(nanoseconds, worker);
        sizes.OfResponses.Record(size, worker);
        Responses(code, isWritten).Increment(worker);
    }

    // DNS over QUIC and HTTP/3 run over UDP.
    private static bool IsDatagram(TransportProtocol transport) =>
        transport is TransportProtocol.Udp or TransportProtocol.Quic or TransportProtocol.Https3;

    // A query of the server's own never was a message: header, question, OPT.
    private static int RequestSize(QueryContext query) => query.MessageLength > 0
        ? query.MessageLength
        : MessageHeader.Size + query.QuestionName.Length + 4 + (query.Edns.IsPresent ? 11 + query.Edns.Options.Length : 0);

    private Counter Requests(int protocol, int family, RecordType type)
    {
        var label = TypeLabels.IndexOf(type);
        var index = (((label * 2) + protocol) * 2) + family;
        return _requests[index] ?? ResolveRequests(index, protocol, family, label);
    }

    private Counter Responses(ResponseCode code, bool isWritten)
    {
        var index = ((int)code * 2) + (isWritten ? 1 : 0);
        return index < _responses.Length && _responses[index] is { } series ? series : ResolveResponses(index, code, isWritten);
    }

    // Once for each series; not inlined, for their arguments are arrays, whose making would stand among what every query does.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Counter ResolveRequests(int index, int protocol, int family, int label) => _requests[index] =
        metrics.Requests.With(server, zone, view, Protocols[protocol], Families[family], TypeLabels.Label(label));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Counter ResolveResponses(int index, ResponseCode code, bool isWritten)
    {
        var series = metrics.Responses.With(server, zone, view, ResponseCodeText.Format(code), isWritten ? plugin : "");
        if (index < _responses.Length)
        {
            _responses[index] = series;
        }

        return series;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Sizes ResolveSizes(int protocol) => _sizes[protocol] = new Sizes(
        metrics.RequestSize.With(server, zone, view, Protocols[protocol]), metrics.ResponseSize.With(server, zone, view, Protocols[protocol]));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Histogram ResolveDuration() => _duration = metrics.RequestDuration.With(server, zone, view);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Counter ResolveDnssec() => _dnssec = metrics.DnssecRequests.With(server, zone, view);

    private sealed record Sizes(Histogram OfRequests, Histogram OfResponses);
}
