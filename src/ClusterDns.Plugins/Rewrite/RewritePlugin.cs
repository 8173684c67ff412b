using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;

namespace ClusterDns.Plugins.Rewrite;

/// <summary>Changes queries on their way in, and undoes it in the responses.</summary>
internal sealed class RewritePlugin(IQueryHandler next, RewriteRule[] rules) : IPlugin
{
    public static string Name => "rewrite";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        RewriteRule[] rules = [.. directives.Select(directive => RewriteDirective.Read(directive, block.Services.Resolver))];
        return next => new RewritePlugin(next, rules);
    }

    public ValueTask HandleAsync(QueryContext query)
    {
        List<ResponseRule>? responseRules = null;
        var before = new QueryBefore(query);
        var applied = false;
        var tried = 0;
        try
        {
            while (tried < rules.Length)
            {
                var rule = rules[tried++];
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
            before.Restore(query);
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
            return AwaitAsync(running, query, before, responseRules, tried);
        }

        running = FollowAliases(query, tried);
        if (!running.IsCompletedSuccessfully)
        {
            return AwaitAsync(running, query, before, responseRules, 0);
        }

        Undo(query, before, responseRules);
        return ValueTask.CompletedTask;
    }

    private async ValueTask AwaitAsync(
        ValueTask running, QueryContext query, QueryBefore before, List<ResponseRule>? responseRules, int tried)
    {
        await running;
        await FollowAliases(query, tried);
        Undo(query, before, responseRules);
    }

    // What a rule about aliases does needs the answer as the steps behind left it. Such a rule is about every query, so all
    // that were tried apply.
    private ValueTask FollowAliases(QueryContext query, int tried)
    {
        for (var index = tried - 1; index >= 0; index--)
        {
            if (rules[index] is CnameRule rule)
            {
                var running = rule.FollowAsync(query);
                if (!running.IsCompletedSuccessfully)
                {
                    return index == 0 ? running : AwaitAliasesAsync(running, query, index);
                }
            }
        }

        return default;
    }

    private async ValueTask AwaitAliasesAsync(ValueTask running, QueryContext query, int tried)
    {
        await running;
        await FollowAliases(query, tried);
    }

    private static void Undo(QueryContext query, QueryBefore before, List<ResponseRule>? responseRules)
    {
        var response = query.Response;
        before.Restore(query);
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
