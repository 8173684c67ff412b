using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Plugins.Header;

/// <summary>Sets and clears header flags of queries and of the responses to them.</summary>
internal sealed partial class HeaderPlugin(IQueryHandler next, HeaderRule onQuery, HeaderRule onResponse) : IPlugin
{
    public static string Name => "header";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        var onQuery = default(HeaderRule);
        var onResponse = default(HeaderRule);
        foreach (var directive in directives)
        {
            directive.ExpectNoArguments();
            if (directive.Properties.Count == 0)
            {
                throw directive.Error("a block with at least one rule is needed");
            }

            foreach (var property in directive.Properties)
            {
                ref var rule = ref onResponse;
                switch (property.Name)
                {
                    case "query":
                        rule = ref onQuery;
                        rule = Read(property, rule, 0);
                        break;
                    case "response":
                        rule = Read(property, rule, 0);
                        break;
                    case "set" or "clear":
                        // The form before CoreDNS 1.9.
                        LogOldForm(block.Services.LoggerFor(Name), property.File, property.Line);
                        rule = Read(property, rule, -1);
                        break;
                    default:
                        throw property.UnknownProperty("query", "response");
                }
            }
        }

        return next => new HeaderPlugin(next, onQuery, onResponse);
    }

    public ValueTask HandleAsync(QueryContext query)
    {
        if (!onQuery.IsEmpty)
        {
            // RD is the client's in a response (RFC 1035 §4.1.1), and this is now what the client is taken to have sent.
            query.Flags = onQuery.Apply(query.Flags);
            query.Response.Flags = (query.Response.Flags & ~HeaderFlags.RecursionDesired) | (query.Flags & HeaderFlags.RecursionDesired);
        }

        if (onResponse.IsEmpty)
        {
            return next.HandleAsync(query);
        }

        var running = next.HandleAsync(query);
        if (!running.IsCompletedSuccessfully)
        {
            return AwaitAsync(running, query.Response);
        }

        Change(query.Response);
        return ValueTask.CompletedTask;
    }

    private async ValueTask AwaitAsync(ValueTask running, Response response)
    {
        await running;
        Change(response);
    }

    private void Change(Response response)
    {
        if (response.State is ResponseState.Answered && !response.IsBare)
        {
            response.Flags = onResponse.Apply(response.Flags);
        }
    }

    // The action stands at this index of the arguments: before the first where it is the property's own name.
    private static HeaderRule Read(Directive property, HeaderRule rule, int action)
    {
        property.ExpectArguments(action + 2);
        var word = action < 0 ? property.Name : property.Arguments[action].Text;
        if (word is not ("set" or "clear"))
        {
            throw property.Arguments[action].Unexpected("set or clear");
        }

        foreach (var name in property.Arguments.Skip(action + 1))
        {
            var flag = name.Text.ToUpperInvariant() switch
            {
                "AA" => HeaderFlags.Authoritative,
                "RA" => HeaderFlags.RecursionAvailable,
                "RD" => HeaderFlags.RecursionDesired,
                _ => throw name.Unexpected("one of aa, ra, rd"),
            };
            rule = word is "set" ? rule.ThenSet(flag) : rule.ThenClear(flag);
        }

        return rule;
    }

    [LoggerMessage(2000, LogLevel.Warning, "{File}:{Line}: a rule without query or response is taken for response; this form is deprecated")]
    private static partial void LogOldForm(ILogger logger, string file, int line);
}
