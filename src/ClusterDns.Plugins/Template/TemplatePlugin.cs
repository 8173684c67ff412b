using ClusterDns.Core.Corefile;
using ClusterDns.Core.Patterns;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Template;

/// <summary>Answers with records made by templates.</summary>
internal sealed class TemplatePlugin : IPlugin
{
    private readonly IQueryHandler _next;
    private readonly TemplateRule[] _rules;
    private readonly IQueryResolver _resolver;
    private readonly PerListener<TemplateMetrics> _metrics;

    private TemplatePlugin(IQueryHandler next, TemplateRule[] rules, IQueryResolver resolver, PerListener<TemplateMetrics> metrics)
    {
        _next = next;
        _rules = rules;
        _resolver = resolver;
        _metrics = metrics;
    }

    public static string Name => "template";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        var rules = directives.Select(TemplateDirective.Read).ToArray();
        var metrics = new PerListener<TemplateMetrics>(listener => new TemplateMetrics(block, listener));
        return next => new TemplatePlugin(next, rules, block.Services.Resolver, metrics);
    }

    public ValueTask HandleAsync(QueryContext query)
    {
        foreach (var rule in _rules)
        {
            var zone = rule.ZoneFor(query);
            if (zone is null)
            {
                continue;
            }

            if (rule.Matches(query, out var pattern))
            {
                return Answer(query, rule, zone, pattern);
            }

            if (!rule.Fallthrough.Contains(query.LowerName))
            {
                query.Reason = new Reason(ReasonCode.NoSuchName);
                query.Response.Fail(ResponseCode.ServFail, Name);
                return ValueTask.CompletedTask;
            }
        }

        return _next.HandleAsync(query);
    }

    private ValueTask Answer(QueryContext query, TemplateRule rule, DnsName zone, Pattern? pattern)
    {
        _metrics.For(query.Listener).CountMatch(query, rule, zone);
        query.Reason = new Reason(ReasonCode.Synthesized);
        if (rule.Code is ResponseCode.ServFail)
        {
            query.Response.Fail(rule.Code, Name);
            return ValueTask.CompletedTask;
        }

        query.Response.Begin(Name, authoritative: true, rule.Code);
        query.Response.ExtendedError = rule.ExtendedError;
        query.Response.ExtendedErrorText = rule.ExtendedErrorText;
        var data = rule.NeedsQuery ? new TemplateQuery(query, rule, zone, pattern) : null;
        var isAddress = query.Type is RecordType.A or RecordType.AAAA;
        for (var index = 0; index < rule.Answers.Count; index++)
        {
            if (!TryAdd(query, rule.Answers[index], query.Response.Answer, "answer", rule, zone, data))
            {
                return ValueTask.CompletedTask;
            }

            if (isAddress && EndsInAlias(query.Response.Answer))
            {
                return ChaseAsync(query, rule, zone, data, index + 1);
            }
        }

        Finish(query, rule, zone, data);
        return ValueTask.CompletedTask;
    }

    // The rest of the answer, from the alias just added on.
    private async ValueTask ChaseAsync(QueryContext query, TemplateRule rule, DnsName zone, TemplateQuery? data, int next)
    {
        await AddTargetAsync(query);
        for (; next < rule.Answers.Count; next++)
        {
            if (!TryAdd(query, rule.Answers[next], query.Response.Answer, "answer", rule, zone, data))
            {
                return;
            }

            if (EndsInAlias(query.Response.Answer))
            {
                await AddTargetAsync(query);
            }
        }

        Finish(query, rule, zone, data);
    }

    private async ValueTask AddTargetAsync(QueryContext query)
    {
        var response = query.Response;
        var found = await _resolver.ResolveAsync(query, new NameSpan(response.Answer[response.Answer.Count - 1].Rdata), query.Type);
        if (found is null)
        {
            return;
        }

        response.IsTruncated |= found.Response.IsTruncated;
        response.CopyRecords(found.Response.Answer, response.Answer, found);
        _resolver.Release(found);
    }

    private static bool EndsInAlias(ResponseSection section) => section[section.Count - 1].Type is RecordType.CNAME;

    private void Finish(QueryContext query, TemplateRule rule, DnsName zone, TemplateQuery? data)
    {
        _ = TryAddAll(query, rule.Additionals, query.Response.Additional, "additional", rule, zone, data)
            && TryAddAll(query, rule.Authorities, query.Response.Authority, "authority", rule, zone, data);
    }

    private bool TryAddAll(
        QueryContext query, IReadOnlyList<RecordTemplate> templates, ResponseSection section, string name, TemplateRule rule, DnsName zone, TemplateQuery? data)
    {
        for (var index = 0; index < templates.Count; index++)
        {
            if (!TryAdd(query, templates[index], section, name, rule, zone, data))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryAdd(
        QueryContext query, RecordTemplate template, ResponseSection section, string name, TemplateRule rule, DnsName zone, TemplateQuery? data)
    {
        var outcome = template.TryMake(query, data, out var record, out var error);
        if (outcome is RecordOutcome.Made)
        {
            section.Add(record);
            return true;
        }

        _metrics.For(query.Listener).CountFailure(query, rule, zone, outcome, name, template.Source);
        query.Response.ExtendedError = null;
        query.Response.ExtendedErrorText = default;
        query.Response.Fail(ResponseCode.ServFail, Name, error);
        return false;
    }
}
