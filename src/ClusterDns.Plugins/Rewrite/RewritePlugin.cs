using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Rewrite;

/// <summary>Changes queries on their way in, and undoes it in the responses.</summary>
internal sealed class RewritePlugin(IQueryHandler next, RewriteRule[] rules) : IPlugin
{
    public static string Name => "rewrite";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        RewriteRule[] rules = [.. directives.Select(RewriteDirective.Read)];
        return next => new RewritePlugin(next, rules);
    }

    public ValueTask HandleAsync(QueryContext query)
    {
        List<ResponseRule>? responseRules = null;
        var (type, recordClass) = (query.Type, query.Class);
        var applied = false;
        try
        {
            foreach (var rule in rules)
            {
                if (rule.TryApply(query, ref responseRules))
                {
                    applied = true;
                    if (rule.Stops)
                    {
                        break;
                    }
                }
            }
        }
        catch (InvalidNameException exception)
        {
            query.RestoreName();
            query.Response.Fail(ResponseCode.ServFail, Name, exception.Message);
            return ValueTask.CompletedTask;
        }

        if (!applied)
        {
            return next.HandleAsync(query);
        }

        var running = next.HandleAsync(query);
        if (!running.IsCompletedSuccessfully)
        {
            return AwaitAsync(running, query, type, recordClass, responseRules);
        }

        Undo(query, type, recordClass, responseRules);
        return ValueTask.CompletedTask;
    }

    private static async ValueTask AwaitAsync(
        ValueTask running, QueryContext query, RecordType type, RecordClass recordClass, List<ResponseRule>? responseRules)
    {
        await running;
        Undo(query, type, recordClass, responseRules);
    }

    private static void Undo(QueryContext query, RecordType type, RecordClass recordClass, List<ResponseRule>? responseRules)
    {
        var response = query.Response;
        query.Type = type;
        query.Class = recordClass;
        if (query.IsRenamed)
        {
            // What stands for the query's name is the rewritten one: it must not become the question's by itself.
            Materialize(query, response.Answer);
            Materialize(query, response.Authority);
            Materialize(query, response.Additional);
            query.RestoreName();
        }

        if (responseRules is null)
        {
            return;
        }

        // The last rewritten is the first to be turned back.
        for (var index = responseRules.Count - 1; index >= 0; index--)
        {
            responseRules[index].Apply(response);
        }

        Apply(query, response.Answer, responseRules);
        Apply(query, response.Authority, responseRules);
        Apply(query, response.Additional, responseRules);
    }

    private static void Materialize(QueryContext query, ResponseSection section)
    {
        foreach (ref var record in section.Records)
        {
            if (record.Owner.IsQueryName)
            {
                record.Owner = query.Response.CopyName(query.Name);
            }
        }
    }

    private static void Apply(QueryContext query, ResponseSection section, List<ResponseRule> responseRules)
    {
        foreach (ref var record in section.Records)
        {
            if (record.Owner.IsQueryName)
            {
                record.Owner = query.Response.CopyName(query.Name);
            }

            for (var index = responseRules.Count - 1; index >= 0; index--)
            {
                responseRules[index].Apply(query.Response, ref record);
            }
        }
    }
}
