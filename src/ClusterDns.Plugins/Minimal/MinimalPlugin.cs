using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Minimal;

/// <summary>Leaves out of positive answers what the client did not ask for: authority and additional section.</summary>
internal sealed class MinimalPlugin(IQueryHandler next) : IPlugin
{
    public static string Name => "minimal";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        directives.ExpectOnce().ExpectNoArguments();
        return static next => new MinimalPlugin(next);
    }

    public ValueTask HandleAsync(QueryContext query)
    {
        var running = next.HandleAsync(query);
        if (!running.IsCompletedSuccessfully)
        {
            return AwaitAsync(running, query);
        }

        Shorten(query);
        return ValueTask.CompletedTask;
    }

    private static async ValueTask AwaitAsync(ValueTask running, QueryContext query)
    {
        await running;
        Shorten(query);
    }

    private static void Shorten(QueryContext query)
    {
        var response = query.Response;
        if (response.State is ResponseState.Answered && response.Code is ResponseCode.NoError
            && query.OpCode is OpCode.Query && query.Type is not (RecordType.AXFR or RecordType.IXFR)
            && (response.Answer.Count > 0 || !SaysWhyEmpty(response.Authority)))
        {
            response.Authority.Clear();
            response.Additional.Clear();
        }
    }

    // The SOA record of a denial and the NS records of a referral are what the client needs (RFC 2308 §3, RFC 1034 §4.3.2).
    private static bool SaysWhyEmpty(ResponseSection authority)
    {
        foreach (ref var record in authority.Records)
        {
            if (record.Type is RecordType.SOA or RecordType.NS)
            {
                return true;
            }
        }

        return false;
    }
}
