using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Loadbalance;

/// <summary>Changes the order of addresses from answer to answer, so that clients that take the first one spread.</summary>
internal sealed class LoadbalancePlugin : IPlugin
{
    private static readonly Func<ResponseRecord, int> RankOf = Rank;

    private readonly IQueryHandler _next;
    private readonly IRandomSource _random;
    private readonly WeightFile? _weights;
    private readonly PreferredNetworks? _preferred;

    private LoadbalancePlugin(IQueryHandler next, WeightFile? weights, PreferredNetworks? preferred, IRandomSource random)
    {
        _next = next;
        _weights = weights;
        _preferred = preferred;
        _random = random;
    }

    public static string Name => "loadbalance";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        var directive = directives.ExpectOnce();
        WeightFile? weights = null;
        PreferredNetworks? preferred = null;
        var isWeighted = false;
        if (directive.Arguments.Count > 0)
        {
            isWeighted = directive.Arguments[0].Text switch
            {
                "round_robin" => false,
                "weighted" => true,
                _ => throw directive.Arguments[0].Unexpected("round_robin or weighted"),
            };
            directive.ExpectArguments(isWeighted ? 2 : 1, isWeighted ? 2 : 1);
        }

        var reload = WeightFile.DefaultReload;
        foreach (var property in directive.Properties)
        {
            switch (property.Name)
            {
                case "reload" when isWeighted:
                    reload = property.ExpectArgument().ParseDuration();
                    break;
                case "prefer":
                    property.ExpectArguments(1);
                    preferred = PreferredNetworks.Read(property);
                    break;
                default:
                    throw property.UnknownProperty("reload", "prefer");
            }
        }

        if (isWeighted)
        {
            weights = new WeightFile(directive.Arguments[1], block, reload);
        }

        return next => new LoadbalancePlugin(next, weights, preferred, block.Services.Random);
    }

    public ValueTask HandleAsync(QueryContext query)
    {
        var running = _next.HandleAsync(query);
        if (!running.IsCompletedSuccessfully)
        {
            return AwaitAsync(running, query);
        }

        Reorder(query);
        return ValueTask.CompletedTask;
    }

    private async ValueTask AwaitAsync(ValueTask running, QueryContext query)
    {
        await running;
        Reorder(query);
    }

    private void Reorder(QueryContext query)
    {
        var response = query.Response;
        if (response.State is not ResponseState.Answered || response.Code is not ResponseCode.NoError
            || query.Type is RecordType.AXFR or RecordType.IXFR)
        {
            return;
        }

        // What is kept in the form it is sent in is left so: sections of one record have one order.
        if (response is { AnswerCount: < 2, AuthorityCount: < 2, AdditionalCount: < 2 })
        {
            return;
        }

        if (_weights is null)
        {
            if (_preferred is null && response.TryShuffle(_random))
            {
                return;
            }

            Shuffle(response.Answer);
            Shuffle(response.Authority);
            Shuffle(response.Additional);
        }
        else if (query.Type is RecordType.A or RecordType.AAAA or RecordType.SRV)
        {
            _weights.PutOneFirst(query, response.Answer, _random);
            _weights.PutOneFirst(query, response.Additional, _random);
        }

        if (_preferred is { } preferred)
        {
            preferred.PutFirst(response.Answer);
            preferred.PutFirst(response.Additional);
        }
    }

    private static int Rank(ResponseRecord record) => record.Type switch
    {
        RecordType.CNAME => 0,
        RecordType.A or RecordType.AAAA => 2,
        RecordType.MX => 3,
        _ => 1,
    };

    private void Shuffle(ResponseSection section)
    {
        if (section.Count < 2)
        {
            return;
        }

        section.SortByRank(RankOf);
        var records = section.Records;
        var start = 0;
        while (start < records.Length)
        {
            var rank = Rank(records[start]);
            var end = start + 1;
            while (end < records.Length && Rank(records[end]) == rank)
            {
                end++;
            }

            if (rank >= 2)
            {
                section.Shuffle(start..end, _random);
            }

            start = end;
        }
    }
}
