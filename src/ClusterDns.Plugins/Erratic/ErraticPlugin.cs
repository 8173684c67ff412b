using System.Globalization;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Erratic;

/// <summary>Misbehaves on purpose, for testing clients: drops, delays and truncates every Nth query.</summary>
internal sealed class ErraticPlugin : IPlugin
{
    private const int LargeAnswer = 30;
    private static readonly byte[] IPv4 = [192, 0, 2, 53];
    private static readonly byte[] IPv6 = [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x53];

    private readonly TimeProvider _time;
    private readonly ErraticOptions _options;
    private long _queries = -1;

    private ErraticPlugin(ErraticOptions options, BlockContext block)
    {
        _options = options;
        _time = block.Services.Time;
        block.AddReadiness(Name, () => Volatile.Read(ref _queries) + 1 is 3 or 4);
    }

    public static string Name => "erratic";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        var plugin = new ErraticPlugin(ErraticOptions.Read(directives.ExpectOnce()), block);
        return _ => plugin;
    }

    public ValueTask HandleAsync(QueryContext query)
    {
        var number = Interlocked.Increment(ref _queries);
        if (_options.Drop > 0 && number % _options.Drop == 0)
        {
            query.Response.Drop(Name);
            return ValueTask.CompletedTask;
        }

        // CoreDNS counts truncation with a bit-and, not with a remainder.
        var truncates = _options.Truncate > 0 && (number & _options.Truncate) == 0;
        if (_options.DelayEvery > 0 && number % _options.DelayEvery == 0)
        {
            return DelayAsync(query, truncates);
        }

        Answer(query, truncates);
        return ValueTask.CompletedTask;
    }

    private async ValueTask DelayAsync(QueryContext query, bool truncates)
    {
        await Task.Delay(_options.Delay, _time);
        Answer(query, truncates);
    }

    private void Answer(QueryContext query, bool truncates)
    {
        var response = query.Response;
        query.Reason = new Reason(ReasonCode.Synthesized);
        if (query.Type is not (RecordType.A or RecordType.AAAA or RecordType.AXFR))
        {
            response.Fail(ResponseCode.ServFail, Name);
            return;
        }

        response.Begin(Name, authoritative: true);
        response.IsTruncated = truncates;
        if (query.Type is RecordType.AXFR)
        {
            AnswerTransfer(query, truncates);
            return;
        }

        var address = query.Type is RecordType.A ? IPv4 : IPv6;
        for (var count = _options.IsLarge ? LargeAnswer : 1; count > 0; count--)
        {
            response.Answer.Add(new ResponseRecord(NameRef.QueryName, query.Type, RecordClass.IN, 0, address, 0, address.Length));
        }
    }

    // A small zone, whose end is missing where it is to be cut.
    private static void AnswerTransfer(QueryContext query, bool truncates)
    {
        var response = query.Response;
        response.IsTruncated = false;
        byte[] soa =
        [
            .. DnsName.Parse("ns1.example.org").Wire, .. DnsName.Parse("hostmaster.example.org").Wire,
            0, 0, 0, 1, 0, 0, 28, 32, 0, 0, 14, 16, 0, 9, 58, 128, 0, 0, 0, 0,
        ];
        response.AddAnswer(NameRef.QueryName, RecordType.SOA, 0, soa);
        for (var index = 0; index < 100; index++)
        {
            var owner = DnsName.Parse(string.Create(CultureInfo.InvariantCulture, $"host{index}."));
            response.AddAnswer(owner, RecordType.A, 0, IPv4);
        }

        if (!truncates)
        {
            response.AddAnswer(NameRef.QueryName, RecordType.SOA, 0, soa);
        }
    }
}
