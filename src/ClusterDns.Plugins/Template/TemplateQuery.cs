using System.Globalization;
using ClusterDns.Core.Patterns;
using ClusterDns.Core.Pipeline;
using ClusterDns.Plugins.Template.Language;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Presentation;

namespace ClusterDns.Plugins.Template;

/// <summary>The query as templates see it: their dot. Lives as long as the query.</summary>
internal sealed class TemplateQuery(QueryContext query, TemplateRule rule, DnsName zone, Pattern? pattern) : TemplateObject
{
    private readonly string _name = query.LowerName.ToString();
    private string[]? _match;
    private Dictionary<string, string>? _group;

    public override bool TryGetField(string name, out object? value)
    {
        value = name switch
        {
            "Name" => _name,
            "Zone" => zone.ToString(),
            "Class" => RecordClassText.Format(rule.ClassFor(query)),
            "Type" => RecordTypeText.Format(rule.TypeFor(query)),
            "Match" => _match ??= ReadMatch(),
            "Group" => _group ??= ReadGroups(),
            "Message" => new TemplateMessage(query),
            "Question" => new TemplateQuestion(query),
            "Remote" => query.Client.Address.ToString(),
            _ => null,
        };
        return value is not null;
    }

    /// <summary><c>.Meta "label"</c>: a label that nobody offers is empty.</summary>
    public override bool TryCall(string name, string argument, out object? value)
    {
        value = name == "Meta" ? query.Metadata?.Find(argument, query) ?? "" : null;
        return value is not null;
    }

    private string[] ReadMatch()
    {
        // A rule without patterns matches the whole name; one with some was chosen because this one matches.
        var groups = pattern is null ? [_name] : pattern.Match(_name) ?? [_name];
        return Array.ConvertAll(groups, static group => group ?? "");
    }

    private Dictionary<string, string> ReadGroups()
    {
        var match = _match ??= ReadMatch();
        var groups = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var index = 0; index < match.Length; index++)
        {
            groups[index.ToString(CultureInfo.InvariantCulture)] = match[index];
            if (pattern?.GroupNames[index] is { Length: > 0 } name)
            {
                groups[name] = match[index];
            }
        }

        return groups;
    }
}
