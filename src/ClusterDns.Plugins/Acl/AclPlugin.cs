using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;
using ClusterDns.Protocol.Edns;
using ClusterDns.Protocol.Messages;

namespace ClusterDns.Plugins.Acl;

/// <summary>Decides by name, type and client whether a query is answered.</summary>
/// <remarks>
/// Runs behind <c>rewrite</c> and before <c>cache</c>: no client gets from a shared cache what it may not ask for. The rules
/// see the name that is looked for; those that deny see the client's own question too, so that renaming opens nothing.
/// </remarks>
internal sealed class AclPlugin : IPlugin
{
    private readonly IQueryHandler _next;
    private readonly AclRule[] _rules;
    private readonly PerListener<Counter> _allowed;

    public AclPlugin(IQueryHandler next, AclRule[] rules, BlockContext block)
    {
        _next = next;
        _rules = rules;
        var allowed = block.Services.Metrics
            .Counter("coredns_acl_allowed_requests_total", "Counter of DNS requests being allowed.", "server", "view");
        _allowed = new PerListener<Counter>(listener => allowed.With(listener.Label, block.View));
    }

    public static string Name => "acl";

    public ValueTask HandleAsync(QueryContext query)
    {
        var action = Decide(query, out var zone);
        if (action is AclAction.None or AclAction.Allow)
        {
            _allowed.For(query.Listener).Increment(query.Worker);
            return _next.HandleAsync(query);
        }

        zone!.Count(action, query); // a rule that acts has found its zone
        query.Reason = new Reason(ReasonCode.Blocked);
        Deny(query.Response, action);
        return ValueTask.CompletedTask;
    }

    private AclAction Decide(QueryContext query, out AclZone? zone)
    {
        var client = query.Client.Address;
        var looksAtQuestion = query.IsRenamed;
        zone = null;
        foreach (var rule in _rules)
        {
            var action = rule.Decide(query.LowerName, query.Type, client, out zone);
            if (action is AclAction.None && looksAtQuestion)
            {
                // An allowance of the question's own name ends the search for that name alone.
                action = rule.Decide(query.QuestionName, query.QuestionType, client, out zone);
                looksAtQuestion = action is not AclAction.Allow;
                action = looksAtQuestion ? action : AclAction.None;
            }

            if (action is not AclAction.None)
            {
                return action;
            }
        }

        return AclAction.None;
    }

    // RFC 8914 §4.16 and §4.18: the server's own policy, or one that its operator was asked for.
    private static void Deny(Response response, AclAction action)
    {
        if (action is AclAction.Drop)
        {
            response.Drop(Name);
            return;
        }

        var blocks = action is AclAction.Block;
        response.Begin(Name, authoritative: false, blocks ? ResponseCode.Refused : ResponseCode.NoError);
        response.ExtendedError = blocks ? ExtendedDnsError.Blocked : ExtendedDnsError.Filtered;
    }
}
