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
    private readonly Histogram?[] _requestSizes = new Histogram?[Protocols.Length];
    private readonly Histogram?[] _responseSizes = new Histogram?[Protocols.Length];
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
        Request(protocol, family, query.QuestionType).Increment(worker);
        (_requestSizes[protocol] ??= metrics.RequestSize.With(server, zone, view, Protocols[protocol])).Record(RequestSize(query), worker);
        if (dnssecOk)
        {
            (_dnssec ??= metrics.DnssecRequests.With(server, zone, view)).Increment(worker);
        }

        // A bare code is the server's own answer, and what was dropped counts as CoreDNS counts it: NOERROR, no octets.
        var response = query.Response;
        var isWritten = response.State is ResponseState.Answered && !response.IsBare;
        var code = response.State is ResponseState.Answered ? response.Code : ResponseCode.NoError;
        var size = isWritten ? ResponseWriter.MeasureUncompressed(query) : 0;
        (_duration ??= metrics.RequestDuration.With(server, zone, view)).Record(nanoseconds, worker);
        (_responseSizes[protocol] ??= metrics.ResponseSize.With(server, zone, view, Protocols[protocol])).Record(size, worker);
        Response(code, isWritten).Increment(worker);
    }

    // DNS over QUIC and HTTP/3 run over UDP.
    private static bool IsDatagram(TransportProtocol transport) =>
        transport is TransportProtocol.Udp or TransportProtocol.Quic or TransportProtocol.Https3;

    // A query of the server's own never was a message: header, question, OPT.
    private static int RequestSize(QueryContext query) => query.MessageLength > 0
        ? query.MessageLength
        : MessageHeader.Size + query.QuestionName.Length + 4 + (query.Edns.IsPresent ? 11 + query.Edns.Options.Length : 0);

    private Counter Request(int protocol, int family, RecordType type)
    {
        var label = TypeLabels.IndexOf(type);
        ref var series = ref _requests[((((protocol * 2) + family) * TypeLabels.Count)) + label];
        return series ??= metrics.Requests.With(server, zone, view, Protocols[protocol], Families[family], TypeLabels.Label(label));
    }

    private Counter Response(ResponseCode code, bool isWritten)
    {
        if ((int)code >= Codes)
        {
            return Resolve(code, isWritten);
        }

        ref var series = ref _responses[((int)code * 2) + (isWritten ? 1 : 0)];
        return series ??= Resolve(code, isWritten);
    }

    private Counter Resolve(ResponseCode code, bool isWritten) =>
        metrics.Responses.With(server, zone, view, ResponseCodeText.Format(code), isWritten ? plugin : "");
}
